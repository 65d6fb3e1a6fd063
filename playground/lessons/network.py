"""What a network is, and what it can draw."""

from dataclasses import replace

from engine import Spec
from engine.spec import recommended
from playground.lessons import claims
from playground.lessons.lesson import Lesson

GROUP = "What a network is"

CIRCLES = Spec(dataset="circles", noise=0.1)
XOR = Spec(dataset="xor", noise=0.1)
SPIRALS = Spec(dataset="spirals", classes=3, noise=0.05, hidden=(8, 6))
CURVE = replace(recommended("curve"), noise=0.0, learning_rate=0.01)

NETWORK = {
    "shapes": Lesson(
        group=GROUP,
        title="Three layers, written out",
        text=r"""
Two inputs, two hidden layers of tanh units, and an output with one unit for each of three
classes. A point is a row $x$ of two numbers, and every layer is one line:

$$a^{(1)} = \tanh(x W^{(1)} + b^{(1)})$$

$$a^{(2)} = \tanh(a^{(1)} W^{(2)} + b^{(2)})$$

$$p = \mathrm{softmax}(a^{(2)} W^{(3)} + b^{(3)})$$

Each link in the network is one number of a $W$, each dot at the corner of a unit one number of
a $b$. These, and nothing else, are learned.""",
        spec=SPIRALS,
        epochs=300,
        speed=2,
        view="matrices",
        question="With 8 and 6 hidden units: how many numbers does this network learn?",
        options=("16", "82", "99"),
        answer=2,
        explanation=r"""
$W^{(1)}$ is $2\times8$, $W^{(2)}$ is $8\times6$, $W^{(3)}$ is $6\times3$: 82 weights. Every
unit but the inputs has a bias as well, the outputs too: $8 + 6 + 3 = 17$. Together 99. After
300 epochs, these 99 numbers get 98.7% of the training points right. **In matrices**, below the
board, has every one of them, with the shapes.""",
        claim=claims.shapes,
    ),
    "step": Lesson(
        group=GROUP,
        title="One step: forward, loss, backward, update",
        text=r"""
Learning is one small step, made again and again. **Forward**: the numbers flow to a prediction
$p$. **Loss**: one number says how wrong it is. **Backward**: the chain rule takes that number
apart into the share of each weight,

$$\frac{dL}{dw} = a_{\text{in}} \cdot g'(z) \cdot (\text{error from the next layer})$$

**Update**: each weight goes a little against its share, $w \leftarrow w - \eta\,\frac{dJ}{dw}$,
with $\eta = 0.1$ here. **One step** is open below the board. Click a link of the network, then
press **Batch** to make exactly the step that is written there.""",
        spec=Spec(hidden=(3,)),
        epochs=5,
        view="step",
        question="After one step on a mini-batch, what has become of the loss on that mini-batch?",
        options=("It is smaller", "It is larger", "It is zero"),
        answer=0,
        explanation=r"""
The gradient points to where the loss rises fastest, so a small step against it goes down. Only
a little: the slope is right only nearby, which is why steps are small and many. And it goes
down *on these points*. Here each of the 40 steps also lowers the loss of the whole training
set, from 0.71 to 0.52. Later the mini-batches disagree: play on to epoch 100, and 27% of
all steps raise it.""",
        claim=claims.one_step,
    ),
    "line": Lesson(
        group=GROUP,
        title="A line is not enough",
        text=r"""
Without a hidden layer the network is $p = \sigma(xW + b)$. It says “half and half” where $xW +
b = 0$, and that is a straight line, whatever the weights are. Here one class is a ring around
the other.""",
        spec=replace(CIRCLES, hidden=()),
        epochs=100,
        question="After 100 epochs, how many of the training points does it get right?",
        options=("About a quarter", "About half", "Nearly all"),
        answer=1,
        explanation=r"""
No line has the ring on one side. A line that cuts off a part of the ring would get 68% right,
but the loss also counts *how* wrong the others are. It is lowest where the network says
“one half” everywhere: $-\ln 0.5 = 0.693$, and there it stays.

Now add a hidden layer with **2** units: two lines, and they can't close a shape. After 300
epochs it gets 80% right. With **3** units there are three lines, and a triangle closes: 97%
after 300 epochs.""",
        claim=claims.line_is_not_enough,
    ),
    "xor": Lesson(
        group=GROUP,
        title="XOR: corners that belong together",
        text=r"""
The two classes sit in opposite corners. For years this small problem was the famous argument
against networks without hidden layers: no line separates them. A hidden unit draws a line of
its own, $a = \tanh(xw + b)$, and the output adds such lines up. **A** has no hidden layer, **B**
has one with 4 units.""",
        spec=replace(XOR, hidden=(4,)),
        epochs=150,
        pinned=replace(XOR, hidden=()),
        view="hidden",
        question="What will the 4 hidden units of B show in their small pictures?",
        options=("Each one corner", "Each one soft edge", "Each the whole answer"),
        answer=1,
        explanation=r"""
A unit of the first hidden layer responds to one direction only: along its edge nothing changes.
The output weighs these edges so that opposite corners get the same sign. B gets 97% of the
training points right, A only 49%. **Hidden space**, below the board, shows the corners as
hidden 1 has folded them: there one straight cut is enough.""",
        claim=claims.xor,
    ),
    "features": Lesson(
        group=GROUP,
        title="A good input instead of a layer",
        text=r"""
XOR again, without any hidden layer. **A** sees $x_1$ and $x_2$. **B** also sees the product
$x_1 x_2$ of each point. (Choose **Inputs** on the left, in **Network**.)""",
        spec=replace(XOR, hidden=(), features=("x1", "x2", "x1_x2")),
        epochs=100,
        pinned=replace(XOR, hidden=()),
        question="Can B separate the corners?",
        options=(
            "No, it has no hidden layer",
            "Half of them, as A does",
            "Yes, nearly every point",
        ),
        answer=2,
        explanation=r"""
$x_1 x_2$ is positive in two opposite corners and negative in the other two, so it *is* the
answer: one large weight on it will do. It ends at $-5.0$; the other two are more than ten
times smaller. B gets 99.6% of the training points right, A 51.1%. A line in the space of the
inputs is a curve in the plane. Hidden layers find such inputs by themselves; that is what they
are for.""",
        claim=claims.features,
    ),
    "linear": Lesson(
        group=GROUP,
        title="Three layers that are one",
        text=r"""
Both networks have three hidden layers of 8 units. The units of **A** are tanh, those of **B** are
linear: $a = z$. Put one linear layer into the next:

$$(xW_1 + b_1)W_2 + b_2 = x\,(W_1W_2) + (b_1W_2 + b_2)$$

and that is one layer again.""",
        spec=replace(CIRCLES, hidden=(8, 8, 8), activation="linear"),
        epochs=100,
        pinned=replace(CIRCLES, hidden=(8, 8, 8)),
        question="What can B draw around the inner circle?",
        options=("Only a straight line", "A closed curve, like A", "A triangle, a side per layer"),
        answer=0,
        explanation=r"""
However deep, it stays one line, and the loss stays at 0.693. A has the same layers, and its
curve closes: 100% of the training points are right. Without a bend between them, layers add
nothing to each other.""",
        claim=claims.linear,
    ),
    "softmax": Lesson(
        group=GROUP,
        title="Softmax: three classes at once",
        text=r"""
Three spirals, three outputs. Softmax turns three scores into probabilities that add up to 1,

$$p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}, \qquad L = -\ln p_y$$

and $y$ is the true class.""",
        spec=replace(SPIRALS, noise=0.1, samples=600, hidden=(16, 16)),
        epochs=150,
        view="step",
        question="What is the error $dL/dz_j$ of an output?",
        options=(
            "$-1/p_j$ for the true class, $0$ for the others",
            "$p_j(1 - p_j)$ for every class",
            "$p_j - 1$ for the true class, $p_j$ for the others",
        ),
        answer=2,
        explanation=r"""
All the exponentials and the logarithm cancel: $\frac{dL}{dz_j} = p_j - \mathbf 1_{j=y}$. The
true class is pulled up by what it lacks, and the others are pulled down by their excess.
**One step**, below the board, shows both ways to it with the numbers of a point. Over a batch of
$m$ points it is $(P - Y)/m$.""",
        claim=claims.softmax,
    ),
    "approximation": Lesson(
        group=GROUP,
        title="One hidden layer can bend into any curve",
        text=r"""
One input, one output, one hidden layer of tanh units: 2 of them in **A**, 16 in **B**. The output
is a sum of bends,

$$p(x) = \sum_j v_j \tanh(w_j x + b_j) + c$$

With enough of them, it can come as close as you like to any continuous curve on an interval.
That is the universal approximation theorem.""",
        spec=CURVE,
        epochs=1_500,
        pinned=replace(CURVE, hidden=(2,)),
        speed=10,
        question="After 1500 epochs, how does A's training loss compare with B's?",
        options=("More than ten times as large", "About twice as large", "About as large"),
        answer=0,
        explanation=r"""
Two bends make one dip and miss the other waves: the loss ends at 0.074. Sixteen follow the curve
everywhere, down to 0.0001. One unit alone is a single bend, and is left with 0.11. Point at the
hidden units of B: each is one soft edge along $x$.

The theorem says that good weights exist, not that gradient descent finds them. With 4 units,
the weight seed decides: the loss ends at 0.0051 with seed 0, at 0.0629 with seed 1.""",
        claim=claims.approximates,
    ),
}
