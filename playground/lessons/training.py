"""How it is trained."""

from dataclasses import replace

from engine import Spec
from playground.lessons import claims
from playground.lessons.lesson import Lesson

CIRCLES = Spec(dataset="circles", noise=0.1)
FEW_POINTS = Spec(
    samples=60,
    test_share=0.5,
    noise=0.4,
    hidden=(16, 16),
    optimizer="adam",
    learning_rate=0.01,
    batch_size=10,
)

TRAINING = {
    "slow": Lesson(
        title="Learning rate 0.001: it crawls",
        text=r"""
Every step is $-\eta$ times the gradient. Here $\eta = 0.001$, a hundredth of the usual 0.1. The
direction of each step is the same.""",
        spec=Spec(learning_rate=0.001),
        epochs=100,
        question="After 100 epochs, where is the training loss, which began at 0.75?",
        options=("Near 0.06, as with 0.1", "Still above 0.5", "It has grown"),
        answer=1,
        explanation=r"""
It goes down, steadily, and hardly moves. With 0.1 the same 100 epochs end near 0.06. Set the
learning rate above the pictures to 0.1: it acts at once, and the curve bends down. A small
learning rate is not wrong, only expensive.""",
        claim=claims.crawls,
    ),
    "fast": Lesson(
        title="Learning rate 10: it jumps about",
        text=r"""
Now $\eta = 10$. The gradient is the slope *here*; with a step this long the network lands where
that slope says nothing any more.""",
        spec=Spec(learning_rate=10.0),
        epochs=100,
        question="What will the loss do?",
        options=(
            "Fall a hundred times as fast",
            "Jump about, far above its start",
            "Stay the same",
        ),
        answer=1,
        explanation=r"""
The first steps throw the weights so far out that every tanh unit is saturated: its slope is
next to none, so no gradient brings it back. Look at the share of flat units beside the flow
chart. The loss jumps about: it is nearly always larger than that of the untrained network, half
of the time more than three times as large. Reset, choose 0.1, play.""",
        claim=claims.jumps,
    ),
    "divergence": Lesson(
        title="Divergence: past the end of the numbers",
        text=r"""
A straight plane is to be fitted with squared error, $L = (p - y)^2$, without a hidden layer.
Nothing saturates here: the further off the prediction, the larger the gradient.""",
        spec=Spec(dataset="plane", hidden=(), learning_rate=3.0),
        epochs=40,
        question="With learning rate 3, what happens?",
        options=("It settles slowly", "It swings with a fixed size", "It grows until it can't"),
        answer=2,
        explanation=r"""
Each step overshoots the valley and lands higher up on the other side, where the slope is
steeper: the next step overshoots further. The loss grows by a factor each epoch until the
numbers end. The board stops before anything is infinite and says so. Below about
$2/\text{curvature}$ the same network learns: with 0.1 it fits the plane.""",
        claim=claims.diverges,
    ),
    "batch": Lesson(
        title="One sample at a time, or all at once",
        text=r"""
The gradient of the loss is a mean over all training points. A mini-batch estimates it from a
few. Here the batch is **one** point: 225 steps an epoch, each on a rough guess. With *all*
there is one step an epoch, on the exact mean.""",
        spec=Spec(noise=0.3, batch_size=1),
        epochs=60,
        question="After 60 epochs, compared with one step an epoch on all points:",
        options=(
            "A lower loss, on a jagged curve",
            "A higher loss: guesses are worse",
            "The same curve",
        ),
        answer=0,
        explanation=r"""
225 rough steps get further than one exact step. But the loss goes up nearly every other epoch:
each step pleases one point. With all points in the batch the curve is smooth and never rises,
and it is far behind after as many epochs. In between, 10 to 64, you get most of both.""",
        claim=claims.batches,
    ),
    "momentum": Lesson(
        title="Momentum: remembering the way",
        text=r"""
Plain descent forgets each step. Momentum keeps a part of it,

$$v \leftarrow \mu v - \eta\,\frac{dJ}{dW}, \qquad W \leftarrow W + v$$

with $\mu = 0.9$. Steps that agree add up, to ten times their length; steps that contradict each
other cancel.""",
        spec=replace(CIRCLES, hidden=(4,), optimizer="momentum"),
        epochs=60,
        question="On the circles, after 60 epochs, compared with plain SGD at the same rate:",
        options=("About the same loss", "Less than a third of the loss", "It overshoots and fails"),
        answer=1,
        explanation=r"""
At the start the gradient is tiny and points the same way for many epochs: a flat stretch. Plain
SGD walks across it; momentum gathers speed. Choose **SGD** at the left and count the epochs
until the ring closes.""",
        claim=claims.momentum,
    ),
    "adam": Lesson(
        title="Adam: a step size for every weight",
        text=r"""
Adam divides each weight's step by the size that its gradients had lately,

$$\Delta w = -\eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$

so steps are about $\eta$ long whether gradients are large or small. Here $\eta = 0.01$.""",
        spec=replace(CIRCLES, hidden=(8, 8), optimizer="adam", learning_rate=0.01),
        epochs=40,
        question="Plain SGD with the same η = 0.01 has, after these 40 epochs …",
        options=("also closed the ring", "not even begun", "diverged"),
        answer=1,
        explanation=r"""
SGD's step is $\eta$ times a gradient of about a hundredth: next to nothing. Adam's is about
$\eta$. Look at the column *step* beside the flow chart: the size of a step against the weights.
The price is one more thing to know: Adam's good learning rates are smaller ones.""",
        claim=claims.adam,
    ),
    "overfitting": Lesson(
        title="Overfitting: learning the noise",
        text=r"""
Thirty training points, strewn widely, and a network with 337 numbers to learn. Watch the two
curves of the loss: training (solid) and test (dotted). The diamonds are the points that it is
never trained on.""",
        spec=FEW_POINTS,
        epochs=300,
        question="What will the test loss do?",
        options=("Follow the training loss down", "Fall, then rise", "Stay where it is"),
        answer=1,
        explanation=r"""
At first what helps the training points helps the others as well. Then only the accidents of
these thirty are left to learn, and the border twists around single points: all of them right,
and the test loss more than twice what it was at its best. It also grows *sure*: wrong with a
probability near 1 is what makes the loss so high.""",
        claim=claims.overfits,
    ),
    "l2": Lesson(
        title="L2: a penalty on large weights",
        text=r"""
The same points and the same network. But now large weights cost something:

$$J = \text{loss} + \lambda \sum \tfrac12 w^2, \qquad \lambda = 0.01$$

A border can only twist sharply with large weights.""",
        spec=replace(FEW_POINTS, regularization="l2", regularization_rate=0.01),
        epochs=300,
        question="Compared with no penalty, training and test loss are …",
        options=("both lower", "training higher, test lower", "both higher"),
        answer=1,
        explanation=r"""
It fits the training points worse, and that is the point: what it gives up are the accidents.
The test loss is less than half of what it is without the penalty. The readout *Training + penalty*
is what is being minimised. Try a rate of 0.3: then nothing is worth its price, and the picture
goes blank.""",
        claim=claims.l2,
    ),
}
