"""How it is trained."""

from dataclasses import replace

from engine import Spec
from playground.lessons import claims
from playground.lessons.lesson import Lesson

GROUP = "Training"

CIRCLES = Spec(dataset="circles", noise=0.1)
SMALL_BATCHES = Spec(batch_size=10)
PLANE = Spec(dataset="plane", hidden=())
NOISY = Spec(noise=0.3, batch_size=2_000)
ADAM = replace(CIRCLES, hidden=(8, 8), optimizer="adam", learning_rate=0.01)
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
        group=GROUP,
        title="Learning rate 0.001: it crawls",
        text=r"""
Every step is $-\eta$ times the gradient. In **A**, $\eta$ is the usual 0.1. In **B** it is 0.001, a
hundredth of that. Both start with the same weights.""",
        spec=Spec(learning_rate=0.001),
        epochs=100,
        pinned=Spec(),
        question="After 100 epochs, where is B's training loss, which begins at 0.75?",
        options=("Near 0.06, like A's", "Still above 0.5", "Above 0.75: it grows"),
        answer=1,
        explanation=r"""
It falls in every single epoch, but only to 0.61. A is at 0.06 by then. Now set the learning rate
above the pictures to 0.1 and play 100 more epochs: it acts at once, the curve bends down, and
B ends at 0.06, too. A small learning rate is not wrong, only expensive.""",
        claim=claims.crawls,
    ),
    "fast": Lesson(
        group=GROUP,
        title="Learning rate 10: it jumps about",
        text=r"""
**A** has $\eta = 0.1$, **B** has $\eta = 10$. The gradient is the slope *here*; after a step this
long, that slope no longer applies.""",
        spec=replace(SMALL_BATCHES, learning_rate=10.0),
        epochs=100,
        pinned=SMALL_BATCHES,
        question="What will B's loss do?",
        options=(
            "Fall a hundred times as fast",
            "Stay where it begins",
            "Jump about above its start",
        ),
        answer=2,
        explanation=r"""
The first steps throw the weights so far out that the tanh units are saturated: at epoch 100, more
than 90% of both hidden layers (see the column **saturated**). Their slope is almost zero, so
hardly any gradient brings them back. B's loss goes up in about every second epoch, and after
more than 90 of the 100 epochs it is above the 0.75 of the untrained network. A ends at 0.04.""",
        claim=claims.jumps,
    ),
    "divergence": Lesson(
        group=GROUP,
        title="Divergence: past the end of the numbers",
        text=r"""
The task is to fit a plane with squared error, $L = (p - y)^2$, without a hidden layer.
Nothing saturates here: the further off the prediction, the larger the gradient. The learning
rate of **A** is 0.1, that of **B** is 3.""",
        spec=replace(PLANE, learning_rate=3.0),
        epochs=40,
        pinned=PLANE,
        question="What happens to B?",
        options=("It settles slowly", "It swings without growing", "It grows without end"),
        answer=2,
        explanation=r"""
Each step overshoots the valley and lands higher up on the other side, where the slope is
steeper: the next step overshoots further. In its steepest direction this valley has a curvature
of 2.14, and a step on the exact gradient goes down only if $\eta < 2/2.14 = 0.93$. With 3, each
step multiplies the loss by about 28. After epoch 26 the numbers end; the board stops before
anything is infinite, and says so. A fits the plane.""",
        claim=claims.diverges,
    ),
    "batch": Lesson(
        group=GROUP,
        title="One sample at a time, or all at once",
        text=r"""
The gradient of the loss is a mean over all training points. A mini-batch estimates it from a
few. In **B** the batch is **one** point: 225 steps per epoch, each on a rough guess. In **A** it
is *all* points: one step per epoch, on the exact mean.""",
        spec=replace(NOISY, batch_size=1),
        epochs=60,
        pinned=NOISY,
        question="After 60 epochs, compared with A, what does B have?",
        options=("A lower loss, a jagged curve", "A higher loss, a jagged curve", "The same curve"),
        answer=0,
        explanation=r"""
225 rough steps get further than one exact step: B's loss is 0.16, A's 0.36. But B's loss goes up
in 28 of the 60 epochs, for each step pleases one point. A's never goes up. In between you get
most of both: with a **Batch size** of 16 the loss ends at 0.16 after 60 epochs, and has gone
up in 7 of them.""",
        claim=claims.batches,
    ),
    "momentum": Lesson(
        group=GROUP,
        title="Momentum: remembering the way",
        text=r"""
Plain SGD forgets each step (**A**). Momentum keeps a part of it (**B**),

$$v \leftarrow \mu v - \eta\,\frac{dJ}{dW}, \qquad W \leftarrow W + v$$

with $\mu = 0.9$. Steps that agree add up, to ten times their length; steps in opposite
directions cancel.""",
        spec=replace(CIRCLES, hidden=(4,), optimizer="momentum"),
        epochs=60,
        pinned=replace(CIRCLES, hidden=(4,)),
        question="After 60 epochs, with the same learning rate, how large is B's loss?",
        options=("About as large as A's", "Less than a third of A's", "Larger: it overshoots"),
        answer=1,
        explanation=r"""
At first the gradient is small and hardly turns: after five epochs A's still points nearly the
way it did at the start (the cosine of the angle is 0.87). Plain SGD walks across this flat
stretch, momentum gathers speed. B has 95% of the training points right after 14 epochs. Play
on: A needs 95.""",
        claim=claims.momentum,
    ),
    "adam": Lesson(
        group=GROUP,
        title="Adam: a step size for every weight",
        text=r"""
Adam divides each weight's step by the recent size of its gradients,

$$\Delta w = -\eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$

so its first steps are about $\eta$ long whether gradients are large or small. **B** is Adam, **A**
is plain SGD, both with $\eta = 0.01$.""",
        spec=ADAM,
        epochs=40,
        pinned=replace(ADAM, optimizer="sgd"),
        question="Where is A after these 40 epochs?",
        options=("It has hardly begun", "Its ring is closed, like B's", "It has diverged"),
        answer=0,
        explanation=r"""
B gets 100% of the training points right. A's loss has only gone from 0.70 to 0.68. Adam's first
step moves a typical weight by 0.01, SGD's by 0.00003: $\eta$ times a tiny gradient. The column
**step ÷ weight** has the size of a step against that of the weights. Adam's usual learning
rate is smaller, 0.01 where SGD has 0.1.""",
        claim=claims.adam,
    ),
    "check": Lesson(
        group=GROUP,
        title="Is the gradient right? Reading the check",
        text=r"""
A wrong backward pass does not crash. It trains, badly. So measure: move one weight by $\pm h$
and see what the loss does,

$$\frac{dJ}{dw} \approx \frac{J(w + h) - J(w - h)}{2h}$$

**Check the gradient** is open below the board. It compares this with backpropagation, layer by
layer. About $10^{-8}$ is what rounding leaves.""",
        spec=Spec(),
        epochs=60,
        view="check",
        question="If the sign of tanh′ were wrong, how would you notice without the check?",
        options=("By an error message", "By a loss that gets no lower", "By a blank picture"),
        answer=1,
        explanation=r"""
Backpropagation is exact: the relative errors are all below $10^{-8}$. Now switch on **Break the
slope on purpose**. Copies of your network train on for 60 epochs: with the right sign the loss
falls from 0.11 to 0.05, with the wrong one it rises to 0.33. Nothing says why, except the
check: the relative error of hidden 2 is 1. Hidden 1 looks right, for two wrong signs make a
right one. So read the check from the output back.""",
        claim=claims.checked,
    ),
    "overfitting": Lesson(
        group=GROUP,
        title="Overfitting: learning the noise",
        text=r"""
Thirty noisy training points, and a network with 337 numbers to learn. Watch the two curves of the
loss: training (solid) and test (dotted). The diamonds are the points that are held out for
testing.""",
        spec=FEW_POINTS,
        epochs=500,
        speed=2,
        question="What will the test loss do?",
        options=("Follow the training loss", "Stay where it begins", "Fall first, then rise"),
        answer=2,
        explanation=r"""
At first, what helps the training points helps the test points as well: the test loss is at its
best after 57 epochs, at 0.30. Then only the accidents of these thirty points are left to learn. The
boundary twists around single points until all of them are right, and the test loss is 2.23, more
than twice its best. It also grows *sure*: it gives the true class of one test point a
probability below $10^{-5}$, and that is what makes the loss so high.""",
        claim=claims.overfits,
    ),
    "l2": Lesson(
        group=GROUP,
        title="L2: a penalty on large weights",
        text=r"""
The same points and the same network, as **A**. In **B**, large weights cost something:

$$J = \text{loss} + \lambda \sum \tfrac12 w^2, \qquad \lambda = 0.01$$

A decision boundary can twist sharply only with large weights.""",
        spec=replace(FEW_POINTS, regularization="l2", regularization_rate=0.01),
        epochs=500,
        pinned=FEW_POINTS,
        speed=2,
        question="Compared with A, how are B's training and test loss?",
        options=(
            "Both of them lower",
            "Training higher, test lower",
            "Training lower, test higher",
        ),
        answer=1,
        explanation=r"""
It fits the training points worse (0.22 instead of 0.01), and that is the point: what it gives up
are the accidents. The test loss is 0.30 instead of 2.23. The weights stay small: their norm is
4.6, A's is 17.9. B minimises the readout *Training + penalty*. Set the **Regularization rate**
under **More** to 0.3: then no weight is worth its price, and the picture goes blank.""",
        claim=claims.l2,
    ),
}
