"""One recurrent step each. `place` names the weights: "{}" for W, U, b, "{}₂" for W₂, U₂, b₂."""

from torch import Tensor, nn

from playground.runs.plain.weights import weight

from playground.runs.plain.settings import phi, phi_c, sigma  # isort: skip

State = tuple[Tensor, ...]


class Vanilla(nn.Module):
    """a_t = W x_t + U h_{t−1} + b,  h_t = φ(a_t)"""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.W, self.U, self.b = (weight(place.format(letter)) for letter in "WUb")

    def forward(self, x: Tensor, state: State) -> State:
        (h,) = state
        return (phi(x @ self.W.T + h @ self.U.T + self.b),)


class Lstm(nn.Module):
    """o, i, f = σ(W x_t + U h_{t−1} + b),  g = φ(…),  c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ φ(c_t)"""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.W, self.U, self.b = (weight(place.format(letter)) for letter in "WUb")

    def forward(self, x: Tensor, state: State) -> State:
        h, c = state
        a_o, a_i, a_f, a_g = (x @ self.W.T + h @ self.U.T + self.b).chunk(4, -1)
        c = sigma(a_f) * c + sigma(a_i) * phi(a_g)
        return sigma(a_o) * phi_c(c), c


class Gru(nn.Module):
    """r, z = σ(W x_t + U h_{t−1} + b),  n = φ(W_n x_t + b_n + r ⊙ U_n h_{t−1}),  h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}"""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.W, self.U, self.b = (weight(place.format(letter)) for letter in "WUb")

    def forward(self, x: Tensor, state: State) -> State:
        (h,) = state
        a_r, a_z, a_n = (x @ self.W.T + self.b).chunk(3, -1)
        q_r, q_z, q_n = (h @ self.U.T).chunk(3, -1)
        r, z = sigma(a_r + q_r), sigma(a_z + q_z)
        n = phi(a_n + r * q_n)
        return ((1 - z) * n + z * h,)
