"""What goes wrong in deep networks, and what mends it."""

from engine import Spec
from playground.lessons import claims
from playground.lessons.lesson import Lesson

DEEP = (8,) * 6

DEPTH = {
    "zeros": Lesson(
        title="Zeros never break the symmetry",
        text=r"""
All initial weights are zero. That sounds neutral: no unit is preferred. But then every unit of a
layer computes the same, and gets the same gradient.""",
        spec=Spec(hidden=(4, 4), initializer="zeros"),
        epochs=150,
        question="After training, how do the four units of a layer differ?",
        options=("Each has found its own line", "Not at all", "Two and two are equal"),
        answer=1,
        explanation=r"""
Equal weights, equal activations, equal gradients, equal steps: they stay equal for ever, and a
layer of four is a layer of one. Here it is worse still: with $W^{(3)} = 0$ no error passes back
at all, $dA^{(2)} = dZ^{(3)} W^{(3)\top} = 0$. Only the output's bias moves. Random first
weights are not noise to be tolerated; they are what lets units become different.""",
        claim=claims.zeros,
    ),
    "large": Lesson(
        title="Initial weights that are too large",
        text=r"""
Now the initial weights are drawn with $\sigma = 5$. Four layers of eight tanh units: each $z$ is
a sum of eight such terms, so most are far from 0. Look at the pictures of the units before you
play.""",
        spec=Spec(hidden=(8, 8, 8, 8), initializer="normal", weight_sigma=5.0),
        epochs=60,
        question="What does the slope $1 - a^2$ do to the gradient there?",
        options=("It makes it larger", "It lets hardly any pass", "Nothing"),
        answer=1,
        explanation=r"""
Where $|a|$ is near 1, $1 - a^2$ is near 0. More than half of the activations of the first layer
are such: saturated. The units are hard switches, and the little gradient that comes through
moves the border by jerks. With Xavier weights the loss is less than a quarter of this after as
many epochs. See **Activation** below the board: the histogram stands at the flat ends.""",
        claim=claims.too_large,
    ),
    "xavier": Lesson(
        title="Xavier: the variance that keeps the signal",
        text=r"""
A sum of $n$ independent terms has $n$ times the variance of one. So if the weights into a unit
have

$$W_{ij} \sim \mathcal N\big(0, \tfrac{1}{n_{\text{in}}}\big)$$

then $z$ spreads about as much as what comes in, layer after layer, and on the way back the
errors do. This network has six hidden layers, started so.""",
        spec=Spec(hidden=DEEP),
        epochs=100,
        question="With σ = 0.01 in its place, what would reach the last of the six layers?",
        options=("A hundredth of the signal", "Less than a billionth of it", "All of it"),
        answer=1,
        explanation=r"""
Each layer multiplies the spread by about $0.01\sqrt 8 \approx 0.03$, and six of them by less
than $10^{-9}$. Choose **σ of the activations** in the flow chart, and under **More** the first
weights *normal* with σ = 0.01: nothing is learned. A trap: there $\lVert dJ/dW\rVert$ alone
looks the same in every layer, because the signal fades forwards while the error fades
backwards. **Depth**, below the board, shows how much of the error each layer passes on,
measured and predicted.""",
        claim=claims.xavier,
    ),
    "vanishing": Lesson(
        title="Vanishing gradients: six sigmoid layers",
        text=r"""
The slope of the sigmoid is $\sigma'(z) = a(1 - a) \le \tfrac14$. On its way back the error
passes one such slope, and one matrix of weights, a layer:

$$\lVert dW^{(1)}\rVert \le \lVert X\rVert \prod_{l=2}^{7} \tfrac14\lVert W^{(l)}\rVert \cdot e$$

where $e = \lVert dZ^{(7)}\rVert$ (at the output the loss takes the place of the slope). Choose
**RMS of dJ/dZ** in the flow chart.""",
        spec=Spec(activation="sigmoid", hidden=DEEP),
        epochs=200,
        question="How much of the error signal of hidden 6 reaches hidden 1?",
        options=("About a half", "About a tenth", "Less than a thousandth"),
        answer=2,
        explanation=r"""
The lines in the flow chart stand one below the other at even distances: each layer takes its
factor. The first layer is to learn the most basic bends, and gets next to nothing to learn
from. After 200 epochs the network is where it began. **Depth**, below the board, has the
measured gradient of each layer and the bound above it.""",
        claim=claims.vanishing,
    ),
    "mending": Lesson(
        title="… and what mends it",
        text=r"""
The same six layers of eight, with ReLU units: $g(z) = \max(0, z)$. Where a unit is on, its
slope is 1, so nothing is lost there. The weights are He's: since half of the units are off,
their variance is doubled, $2/n_{\text{in}}$.""",
        spec=Spec(activation="relu", initializer="he", hidden=DEEP),
        epochs=200,
        question="Does the deep network learn now?",
        options=("No, it is too deep", "Yes, nearly every point", "A little better than chance"),
        answer=1,
        explanation=r"""
The error arrives at the first layer about as strong as it left, and 200 epochs are plenty. The
network is as deep as before; what changed is one function and one variance. Put the sigmoid
back and see.""",
        claim=claims.mended,
    ),
    "dead": Lesson(
        title="Dead ReLUs",
        text=r"""
A ReLU passes gradient only where it is on. If one step pushes its weights so far that $z < 0$
for *every* point, no gradient will ever bring it back. Here the learning rate is 3.""",
        spec=Spec(activation="relu", initializer="he", hidden=(6, 6), learning_rate=3.0),
        epochs=60,
        question="How many units will survive?",
        options=("All: ReLUs don't saturate", "Most", "Hardly any"),
        answer=2,
        explanation=r"""
The pictures of the units have gone blank: 0 for every point, slope 0, gradient 0. What is left
is the bias of the output, which knows no points. With 0.1 all of them live. A **leaky ReLU**
keeps a slope of 0.01 below zero, so that even a unit that is off can come back.""",
        claim=claims.dead,
    ),
    "check": Lesson(
        title="Is the gradient right? Reading the check",
        text=r"""
A wrong backward pass does not crash. It trains, badly. So measure: move one weight by $\pm h$
and see what the loss does,

$$\frac{dJ}{dw} \approx \frac{J(w + h) - J(w - h)}{2h}$$

Open **Check the gradient** below the board. About $10^{-8}$ is what rounding leaves.""",
        spec=Spec(),
        epochs=60,
        question="If the sign of tanh′ were wrong, how would you notice without the check?",
        options=(
            "An error message",
            "The loss doesn't go down as it should",
            "At once, by the picture",
        ),
        answer=1,
        explanation=r"""
Backpropagation is exact: the two differ by rounding. Now press **Break the slope** there. The
same network, trained on a copy, keeps running; its loss stops falling, and nothing says why,
except the check, which names the layer. Two wrong signs make a right one, so the layer before
it looks right: read from the output back.""",
        claim=claims.checked,
    ),
}
