"""What a network is, and what it can draw."""

from dataclasses import replace

from engine import Spec
from playground.lessons import claims
from playground.lessons.lesson import Lesson

CIRCLES = Spec(dataset="circles", noise=0.1)
XOR = Spec(dataset="xor", noise=0.1)
SPIRALS = Spec(dataset="spirals", classes=3, noise=0.05, hidden=(8, 6))
CURVE = Spec(
    dataset="curve", noise=0.0, hidden=(16,), optimizer="adam", learning_rate=0.01, test_share=0.25
)

NETWORK = {
    "shapes": Lesson(
        title="Three layers, written out",
        text=r"""
Two inputs, two hidden layers of tanh units, and an output with one unit for each of three
classes. A point is a row $x$ of two numbers, and every layer is one line:

$$a^{(1)} = \tanh(x W^{(1)} + b^{(1)})$$

$$a^{(2)} = \tanh(a^{(1)} W^{(2)} + b^{(2)})$$

$$p = \mathrm{softmax}(a^{(2)} W^{(3)} + b^{(3)})$$

Each link in the picture is one number of a $W$, each dot at the corner of a unit one number of
a $b$. These, and nothing else, are learned.""",
        spec=SPIRALS,
        epochs=300,
        question="With 8 and 6 hidden units: how many numbers does this network learn?",
        options=("16", "82", "99"),
        answer=2,
        explanation=r"""
$W^{(1)}$ is $2\times8$, $W^{(2)}$ is $8\times6$, $W^{(3)}$ is $6\times3$: 82 weights. Every
unit but the inputs has a bias as well, the outputs too: $8 + 6 + 3 = 17$. Together 99. Open
**In matrices** below the board: there every one of them is, with the shapes.""",
        claim=claims.shapes,
    ),
    "step": Lesson(
        title="One step: forward, loss, backward, update",
        text=r"""
Learning is one small step, made again and again. **Forward**: the numbers flow to a prediction
$p$. **Loss**: one number says how wrong it is. **Backward**: the chain rule takes that number
apart into the share of each weight,

$$\frac{dL}{dw} = a_{\text{in}} \cdot g'(z) \cdot (\text{error from the next layer})$$

**Update**: each weight goes a little against its share, $w \leftarrow w - \eta\,\frac{dJ}{dw}$,
with $\eta = 0.1$ here. Open **One step** below the board, click a link of the network, and
press **Batch** to make exactly the step that is written there.""",
        spec=Spec(hidden=(3,)),
        epochs=5,
        question="After one step on a mini-batch, what has become of the loss on that mini-batch?",
        options=("It is smaller", "It is larger", "It is zero"),
        answer=0,
        explanation=r"""
The gradient points to where the loss rises fastest, so a small step against it goes down. Only
a little: the slope is right only nearby, which is why steps are small and many. And it goes
down *on these points*. The next mini-batch has others, and may undo a part of it.""",
        claim=claims.one_step,
    ),
    "line": Lesson(
        title="A line is not enough",
        text=r"""
Without a hidden layer the network is $p = \sigma(xW + b)$. It says “half and half” where $xW +
b = 0$, and that is a straight line, whatever the weights are. Here one class is a ring around
the other.""",
        spec=replace(CIRCLES, hidden=()),
        epochs=100,
        question="How many of the training points can it get right?",
        options=("About half", "About three quarters", "Nearly all, given time"),
        answer=0,
        explanation=r"""
No line has the ring on one side. The best that the loss can do is to say “one half” everywhere:
$-\ln 0.5 = 0.693$, and there it stays.

Now add a layer with 2 units: two lines, which can't close a shape either. With **3** units
there are three lines, a triangle: it closes. Try both, 300 epochs each.""",
        claim=claims.line_is_not_enough,
    ),
    "xor": Lesson(
        title="XOR: corners that belong together",
        text=r"""
The two classes sit in opposite corners. In 1969 this small problem was the famous argument
against networks without hidden layers: no line parts them. A hidden unit draws a line of its
own, $a = \tanh(xw + b)$, and the output adds such lines up.""",
        spec=replace(XOR, hidden=(4,)),
        epochs=150,
        question="What will the 4 hidden units show in their small pictures?",
        options=("Each one corner", "Each one line, turned differently", "Each the whole answer"),
        answer=1,
        explanation=r"""
A unit of the first layer can only respond to one direction: its picture is a soft edge. The
output weighs these edges so that opposite corners get the same sign. Open **Hidden space**
below the board: there the corners have been folded so that one straight cut is enough.""",
        claim=claims.xor,
    ),
    "features": Lesson(
        title="A good input instead of a layer",
        text=r"""
XOR again, without any hidden layer. But now the network is also shown the product $x_1 x_2$ of
each point. (Inputs are chosen under **More**, at the left.)""",
        spec=replace(XOR, hidden=(), features=("x1", "x2", "x1_x2")),
        epochs=100,
        question="Can it separate the corners now?",
        options=("No: there is still no hidden layer", "Yes", "Only half of them"),
        answer=1,
        explanation=r"""
$x_1 x_2$ is positive in two opposite corners and negative in the other two, so it *is* the
answer: one large weight on it will do. A line in the space of the inputs is a curve in the
plane. Hidden layers find such inputs by themselves; that is what they are for.""",
        claim=claims.features,
    ),
    "linear": Lesson(
        title="Three layers that are one",
        text=r"""
This network has three hidden layers, but its units are linear: $a = z$. Put one into the other:

$$(xW_1 + b_1)W_2 + b_2 = x\,(W_1W_2) + (b_1W_2 + b_2)$$

and that is a layer again.""",
        spec=replace(CIRCLES, hidden=(8, 8, 8), activation="linear"),
        epochs=100,
        question="What can it draw around the inner circle?",
        options=("A closed curve", "Only a straight line", "A triangle, with three layers"),
        answer=1,
        explanation=r"""
However deep, it stays one line, and the loss stays at 0.693. Choose **tanh** at the left: the
same layers close the ring. What the activation bends is what makes depth worth anything.""",
        claim=claims.linear,
    ),
    "softmax": Lesson(
        title="Softmax: three classes at once",
        text=r"""
Three spirals, three outputs. Softmax turns three scores into probabilities that add up to 1,

$$p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}, \qquad L = -\ln p_y$$

and $y$ is the true class.""",
        spec=replace(SPIRALS, noise=0.1, samples=600, hidden=(16, 16)),
        epochs=150,
        question="What is the error $dL/dz_j$ of an output?",
        options=(
            "$p_j(1 - p_j)$",
            "$p_j - 1$ for the true class, $p_j$ for the others",
            "$-1/p_j$",
        ),
        answer=1,
        explanation=r"""
All the exponentials and the logarithm cancel: $\frac{dL}{dz_j} = p_j - \mathbf 1_{j=y}$. The
true class is pulled up by what it lacks, the others down by what they have too much. **One
step**, below the board, shows both ways to it with the numbers of a point. Over a batch it is
$(P - Y)/m$.""",
        claim=claims.softmax,
    ),
    "approximation": Lesson(
        title="One hidden layer can bend into any curve",
        text=r"""
One input, one output, one hidden layer of 16 tanh units. The output is a sum of bends,

$$p(x) = \sum_j v_j \tanh(w_j x + b_j) + c$$

With enough of them, any continuous curve can be met as closely as one likes: that is the
universal approximation theorem. (Choose 10 epochs a frame.)""",
        spec=CURVE,
        epochs=1_500,
        question="With 1 unit, and with 2, how much larger is the error that is left?",
        options=("About the same", "Each more than five times the next", "Twice and three times"),
        answer=1,
        explanation=r"""
One unit is one bend: it meets one flank of the curve. Two make a hump. Sixteen follow it nearly
everywhere. Point at the hidden units: each is one soft edge along $x$. The theorem says that
good weights exist, not that gradient descent finds them: try other weight seeds with few units.""",
        claim=claims.approximates,
    ),
}
