"""What goes wrong in deep networks, and what mends it."""

from dataclasses import replace

from engine import Spec
from playground.lessons import claims
from playground.lessons.lesson import Lesson

GROUP = "Depth"

FOUR = Spec(hidden=(8,) * 4)
SIX = Spec(hidden=(8,) * 6)
SIX_SIGMOID = replace(SIX, activation="sigmoid")
RELU = Spec(activation="relu", initializer="he", hidden=(8, 8), batch_size=10)

DEPTH = {
    "zeros": Lesson(
        group=GROUP,
        title="Zeros never break the symmetry",
        text=r"""
All initial weights of **B** are zero. That sounds neutral: no unit is preferred. But then every
unit of a layer computes the same value and gets the same gradient. **A** starts with random weights
(Xavier).""",
        spec=Spec(hidden=(4, 4), initializer="zeros"),
        epochs=150,
        pinned=Spec(hidden=(4, 4)),
        question="After training, how do the four units of a layer of B differ?",
        options=("Not at all", "Each finds its own line", "They are equal in pairs"),
        answer=0,
        explanation=r"""
Equal weights, equal activations, equal gradients, equal steps: they stay equal for ever, and a
layer of four is a layer of one. Here it is worse still: with $W^{(3)} = 0$ no error passes back
at all, $dA^{(2)} = dZ^{(3)} W^{(3)\top} = 0$. Only the bias of the output moves, and the loss stays
at 0.693. A ends at 0.06. Random initial weights are not noise to be put up with; they are
what lets units become different.""",
        claim=claims.zeros,
    ),
    "large": Lesson(
        group=GROUP,
        title="Initial weights that are too large",
        text=r"""
The initial weights of **B** are drawn with $\sigma = 5$, those of **A** are Xavier's. Four layers
of 8 tanh units: each $z$ of B is a sum of large terms, so most are far from 0. Look at the
pictures of the units before you play.""",
        spec=replace(FOUR, initializer="normal", weight_sigma=5.0),
        epochs=60,
        pinned=FOUR,
        view="activation",
        question="After 60 epochs, how does B's training loss compare with A's?",
        options=("More than twice as large", "About as large", "Less than half as large"),
        answer=0,
        explanation=r"""
Where $|a|$ is near 1, the slope $1 - a^2$ is near 0: the unit is saturated. At epoch 0 that is so
for 60% of hidden 1 and 89% of hidden 2; in A for less than 1%. Nearly all points send
hardly any error back, and the few that do send it through large weights: a tenth of the points
brings more than 99% of the (squared) error signal of hidden 1. So the boundary moves in jerks.
B ends above 0.2, A at 0.04. Drag the timeline to epoch 0: the histogram in **Activation** stands
at the flat ends.""",
        claim=claims.too_large,
    ),
    "xavier": Lesson(
        group=GROUP,
        title="Xavier: the variance that keeps the signal",
        text=r"""
A sum of $n$ independent terms has $n$ times the variance of one. So if the weights into a unit
have

$$W_{ij} \sim \mathcal N\big(0, \tfrac{1}{n_{\text{in}}}\big)$$

then $z$ spreads about as much as what comes in, layer after layer. Between layers of equal
size, the same goes for the errors on their way back. **B** starts this way, with six hidden layers
of 8 units. In **A** every weight is drawn with $\sigma = 0.01$. The chart of the layers shows B's
**Spread of activations (σ)**.""",
        spec=SIX,
        epochs=100,
        pinned=replace(SIX, initializer="normal", weight_sigma=0.01),
        flow="output_spread",
        view="depth",
        question="At the start, how much of the spread of the inputs is left in hidden 6 of A?",
        options=("About a hundredth", "About a millionth", "Less than a billionth"),
        answer=2,
        explanation=r"""
Each layer of A multiplies the spread by about $0.01\sqrt 8 \approx 0.03$, the first one by less:
in hidden 6 it is $5 \cdot 10^{-11}$. In B it goes from 0.48 in hidden 1 to 0.09 in hidden 6: tanh
takes a little, and 8 units are few. A learns nothing, and its loss stays at 0.693.

Set **Initial weights** under **More** to *normal* with σ = 0.01 to see A's layers. A trap: their
gradient size alone looks fine, about $10^{-10}$ in every layer, because the signal fades
forward while the error fades backward. **Depth**, below the board, shows how much of the error
each layer passes on, measured and predicted.""",
        claim=claims.xavier,
    ),
    "vanishing": Lesson(
        group=GROUP,
        title="Vanishing gradients: six sigmoid layers",
        text=r"""
The slope of the sigmoid is $\sigma'(z) = a(1 - a) \le \tfrac14$. On its way back the error
passes one such slope, and one matrix of weights, per layer:

$$\lVert dW^{(1)}\rVert \le \lVert X\rVert \prod_{l=2}^{7} \tfrac14\lVert W^{(l)}\rVert \cdot e$$

where $e = \lVert dZ^{(7)}\rVert$ is the error at the output. The chart of the layers shows the
**Error signal (RMS of dJ/dZ)**.""",
        spec=SIX_SIGMOID,
        epochs=200,
        flow="error_rms",
        speed=2,
        view="depth",
        question="How much of the error signal of hidden 6 reaches hidden 1?",
        options=("About half of it", "About a tenth of it", "Less than a thousandth"),
        answer=2,
        explanation=r"""
The lines in the chart stand one below the other: at the start, each hidden layer passes on
between 15% and 38% of the error signal, and 0.0006 of it reaches hidden 1. That layer is to
learn the first bends, on which all the others build, and gets next to nothing to learn from.
After 200 epochs the loss is 0.693, the network just guesses. **Depth**, below the board, has the
measured gradient of each layer, and the bound that it never exceeds.""",
        claim=claims.vanishing,
    ),
    "mending": Lesson(
        group=GROUP,
        title="… and what mends it",
        text=r"""
**A** is the network of six sigmoid layers. **B** is as deep, with ReLU units: $g(z) = \max(0, z)$.
Where a unit is on, its slope is 1, so nothing is lost there. B's weights are He's: since about half
of the units are off, their variance is doubled, $2/n_{\text{in}}$.""",
        spec=replace(SIX, activation="relu", initializer="he"),
        epochs=200,
        pinned=SIX_SIGMOID,
        flow="error_rms",
        speed=2,
        question="After 200 epochs, has B learned the data?",
        options=("Yes, nearly every point", "A little better than A", "No, it is too deep"),
        answer=0,
        explanation=r"""
B gets 99.6% of the training points right, A 49.8%. At the start, the error signal in hidden 1
of B is 0.55 times that of hidden 6; in A it is 0.0006 times. B is as deep as A; what changed
is one function and one variance. Choose **sigmoid** on the left: now B learns nothing either,
not even with He's weights.""",
        claim=claims.mended,
    ),
    "dead": Lesson(
        group=GROUP,
        title="Dead ReLUs",
        text=r"""
A ReLU passes gradient only where it is on. If one step pushes its weights so far that $z < 0$
for *every* training point, its weights get no gradient, and it can't come back by itself. The
learning rate of **A** is 0.1, that of **B** is 3.""",
        spec=replace(RELU, learning_rate=3.0),
        epochs=60,
        pinned=RELU,
        question="After 60 epochs, how many of the 8 units of hidden 2 of B are still alive?",
        options=("All: ReLUs don't saturate", "None of them", "About half of them"),
        answer=1,
        explanation=r"""
Wherever there are training points, the pictures of hidden 2 are blank: activation, slope and
gradient are 0. The column **inactive** says 100%. What is left is the bias of the output, which
knows no points: 50% of the training points are right. In A no unit is dead, and 98% are right.

Choose **leaky ReLU** on the left. It keeps a slope of 0.01 below zero, so a unit that is off can
come back: with the same learning rate, 89% are right after 60 epochs.""",
        claim=claims.dead,
    ),
}
