"""What cells with gates share: one block of H rows for each gate and the candidate, each drawn by itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field

from playground.nn.activations import AnyActivation, Sigmoid
from playground.nn.cells.base import ByHand, Tape, Weights, split
from playground.nn.gate_biases import GateBiases, PerGate
from playground.nn.initializers import (
    AnyInitializer,
    Constant,
    Initializer,
    Shape,
    TorchUniform,
    XavierUniform,
    rectangular,
)

if TYPE_CHECKING:
    from torch import Tensor


class Gated(ByHand):
    """W (BH, I), U (BH, H), b (BH) of B blocks, the gates in the order of `gates`, the candidate last.

    The first tensor that such a cell keeps holds the values of all blocks, (T, …, N, BH).
    """

    gate_activation: Annotated[AnyActivation, Field(description="σ of the gates.")] = Sigmoid()
    recurrent_init: Annotated[
        AnyInitializer, Field(description="How each gate's block of U, from state to state, is drawn.")
    ] = TorchUniform()
    input_init: Annotated[
        AnyInitializer,
        AfterValidator(rectangular),
        Field(description="How each gate's block of W, from input to state, is drawn."),
    ] = XavierUniform()
    bias_init: Annotated[
        AnyInitializer,
        AfterValidator(rectangular),
        Field(description="How the biases are drawn, but for that of the gate that keeps."),
    ] = Constant()

    blocks: ClassVar[int]

    def biases(self) -> GateBiases:
        """How b is drawn: which gate keeps, and from what its bias comes."""
        raise NotImplementedError

    def tensors(self, inputs: int, hidden: int) -> Mapping[str, tuple[Shape, Initializer]]:
        rows = self.blocks * hidden
        return {
            "W": ((rows, inputs), PerGate(gates=self.blocks, init=self.input_init)),
            "U": ((rows, hidden), PerGate(gates=self.blocks, init=self.recurrent_init)),
            "b": ((rows,), self.biases()),
        }

    def recurrent(self, weights: Weights) -> "Tensor":
        return weights["U"].chunk(self.blocks, -2)[-1]

    def slopes(self, tape: Tape) -> "Tensor":
        blocks = (split(tensor, self.blocks)[..., -1, :] for tensor in (tape.a, tape.kept[0]))
        return self.activation.slope(*blocks)

    def slope_bound(self) -> None:
        return None

    def gate_values(self, tape: Tape) -> "Tensor":
        return split(tape.kept[0], self.blocks)[..., :-1, :]
