"""The usual way: torch.nn's own layers, autograd, the same fused Adam, and no gradient of any state."""

import torch
from torch.nn import functional as F

from playground.training.data import Data

LAYERS = {"vanilla": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


def update(config, batch):
    """One whole update of the torch.nn counterpart of `config`, as a function to call again and again."""
    x, targets, _ = batch
    network = EncoderDecoder(config) if config.architecture.kind == "encoder_decoder" else ManyToOne(config)
    adam = torch.optim.Adam(network.parameters(), lr=config.optimizer.learning_rate, fused=True)

    def one_update():
        loss = F.cross_entropy(network(x, targets).flatten(0, -2), targets.flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()

    return one_update


def train(config):
    """A whole run as one writes it: batches of the task, the clip, Adam, a test of 256 sequences every now and then.

    torch.nn.RNN has tanh and ReLU; other activations are timed as tanh.
    """
    data = Data(config)
    network = ManyToOne(config)
    if config.cell.activation.kind == "relu":
        network.layers = torch.nn.RNN(config.task.inputs, config.hidden, nonlinearity="relu")
    parameters = list(network.parameters())
    adam = torch.optim.Adam(parameters, lr=config.optimizer.learning_rate, fused=True)
    right = []
    for update in range(config.updates):
        if update % (config.updates // 20) == 0:
            with torch.no_grad():
                x, targets, _ = data.held_out
                right.append((network(x, targets).argmax(-1) == targets).double().mean().item())
        x, targets, _ = data.batch(config)
        loss = F.cross_entropy(network(x, targets).flatten(0, -2), targets.flatten())
        adam.zero_grad()
        loss.backward()
        if config.clip.kind == "norm":
            torch.nn.utils.clip_grad_norm_(parameters, config.clip.threshold)
        elif config.clip.kind == "value":
            torch.nn.utils.clip_grad_value_(parameters, config.clip.hi)
        adam.step()
    return right


def layers(config, inputs):
    return LAYERS[config.cell.kind](
        inputs, config.hidden, num_layers=config.layers, bidirectional=config.direction == "two_passes"
    )


class ManyToOne(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layers = layers(config, config.task.inputs)
        self.both = config.direction == "two_passes"
        self.readout = torch.nn.Linear(config.hidden * (1 + self.both), config.task.outputs)

    def forward(self, x, targets):
        h, final = self.layers(x)
        final = final[0] if isinstance(final, tuple) else final
        last = torch.cat([final[-2], final[-1]], -1) if self.both else h[-1]
        return self.readout(last)[None].expand(len(targets), -1, -1)


class EncoderDecoder(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.outputs = config.task.outputs
        self.encoder, self.decoder = layers(config, config.task.inputs), layers(config, self.outputs)
        self.readout = torch.nn.Linear(config.hidden, self.outputs)

    def forward(self, x, targets):
        _, states = self.encoder(x)
        said = F.one_hot(targets, self.outputs).to(x.dtype)
        read = torch.cat([torch.zeros_like(said[:1]), said[:-1]])
        h, _ = self.decoder(read, states)
        return self.readout(h)


def unrolled(config, batch):
    """One update of the naive loop: cell by cell under autograd, `retain_grad` on every state."""
    x, targets, _ = batch
    cell = {"vanilla": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}[config.cell.kind](
        config.task.inputs, config.hidden
    )
    readout = torch.nn.Linear(config.hidden, config.task.outputs)
    adam = torch.optim.Adam([*cell.parameters(), *readout.parameters()], lr=1e-3, fused=True)

    def one_update():
        states, before = [], None
        for x_t in x:
            before = cell(x_t, before)
            h = before[0] if isinstance(before, tuple) else before
            h.retain_grad()
            states.append(h)
        loss = F.cross_entropy(readout(h), targets[0])
        adam.zero_grad()
        loss.backward()
        adam.step()
        torch.stack([h.grad for h in states]).norm(dim=-1).sum(-1)

    return one_update
