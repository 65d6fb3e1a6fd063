"""Where the slope of each activation comes from, as Markdown with KaTeX.

Each text belongs to an entry of `ACTIVATIONS`, whose formula stands above it on the page. A display
formula is one line, as Markdown wants it.
"""

TANH = r"""
By the quotient rule, with $u = e^z - e^{-z}$ and $v = e^z + e^{-z}$, so that $u' = v$, $v' = u$:

$$\tanh' z = \frac{u'v - uv'}{v^2} = \frac{v^2 - u^2}{v^2} = 1 - \frac{u^2}{v^2} = 1 - \tanh^2 z$$

Its range is $(-1, 1)$; it is odd, $\tanh(-z) = -\tanh z$, and so centred on zero. The slope is 1 at
0 and falls towards 0 on both sides: there a unit is *saturated* and passes hardly any gradient."""

SIGMOID = r"""
$$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z)\,(1 - \sigma(z)) \le \tfrac14$$

The product of two shares that add up to 1 is largest where both are one half: at $z = 0$. Through
each sigmoid layer, the error signal loses at least three quarters, unless the weights make up for
it."""

RELU = r"""
$$g'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}$$

Where a unit is on, the error passes undiminished. Where it is off, nothing passes: a unit that is
off for every point is *dead*. At $z = 0$ there is no derivative; the engine uses 0."""

LEAKY_RELU = r"""
$$g'(z) = \begin{cases} 1 & z > 0 \\ 0.01 & z < 0 \end{cases}$$

A little gradient passes even where the unit is off, so none can die for good. At $z = 0$ there is
no derivative; the engine uses 0.01."""

ELU = r"""
$$g'(z) = \begin{cases} 1 & z > 0 \\ e^z = a + 1 & z \le 0 \end{cases}$$

Both pieces have slope 1 at $z = 0$: there is no kink. For very negative $z$ the activation comes
to rest at $-1$, and the slope at 0."""

SILU = r"""
By the product rule, with $\sigma' = \sigma(1 - \sigma)$ and $a = z\,\sigma(z)$:

$$g'(z) = \sigma(z) + z\,\sigma(z)(1 - \sigma(z)) = \sigma(z) + a\,(1 - \sigma(z))$$

and that is $a + \sigma(z)(1 - a)$.

A smooth ReLU. It has a minimum, $-0.278$ at $z = -1.278$; left of it the slope is negative, so the
slope can't be read from $a$ alone: it needs $z$. Its largest value is $1.0998$, at $z = 2.4$."""

GELU = r"""
$\Phi$ is the distribution function of the normal distribution, and $\varphi = \Phi'$ its density:

$$\Phi(z) = \tfrac12\,(1 + \operatorname{erf}(z/\sqrt2))$$

$$\varphi(z) = \frac{e^{-z^2/2}}{\sqrt{2\pi}}$$

By the product rule:

$$g'(z) = \Phi(z) + z\,\varphi(z)$$

Each $z$ is weighted by the share of the normal distribution that lies below it: a smooth ReLU. As
$\varphi'(z) = -z\,\varphi(z)$, the slope has the derivative $(2 - z^2)\,\varphi(z)$: it is largest
at $z = \sqrt2$, where it is $1.1289$."""

LINEAR = r"""
$$g'(z) = 1$$

$(XW_1 + b_1)W_2 + b_2 = X(W_1W_2) + (b_1W_2 + b_2)$: however many layers there are, together they
are one. The network can only draw straight lines."""
