"""Whom the program goes back to."""

SOURCES = (
    (
        "Bengio, Simard & Frasconi 1994",
        "Learning long-term dependencies with gradient descent is difficult",
        "why gradients vanish",
    ),
    ("Hochreiter & Schmidhuber 1997", "Long short-term memory", "the LSTM; the task of temporal order"),
    ("Gers, Schmidhuber & Cummins 2000", "Learning to forget", "the forget gate"),
    ("Schuster & Paliwal 1997", "Bidirectional recurrent neural networks", "two passes"),
    (
        "Glorot & Bengio 2010",
        "Understanding the difficulty of training deep feedforward networks",
        "Xavier initialisers",
    ),
    (
        "Pascanu, Mikolov & Bengio 2013",
        "On the difficulty of training recurrent neural networks",
        "the bound γσ_max, the flow matrix, clipping by norm",
    ),
    (
        "Saxe, McClelland & Ganguli 2014",
        "Exact solutions to the nonlinear dynamics of learning",
        "orthogonal initialisers",
    ),
    ("Cho et al. 2014", "Learning phrase representations using RNN encoder–decoder", "the GRU; encoder–decoder"),
    ("He et al. 2015", "Delving deep into rectifiers", "He initialisers"),
    (
        "Le, Jaitly & Hinton 2015",
        "A simple way to initialize recurrent networks of rectified linear units",
        "ReLU with U = 1",
    ),
    (
        "Jozefowicz, Zaremba & Sutskever 2015",
        "An empirical exploration of recurrent network architectures",
        "forget bias 1",
    ),
    (
        "Arjovsky, Shah & Bengio 2016",
        "Unitary evolution recurrent neural networks",
        "adding and copy memory as used here",
    ),
    ("Tallec & Ollivier 2018", "Can recurrent neural networks warp time?", "chrono initialisation"),
    ("Brock et al. 2021", "High-performance large-scale image recognition without normalization", "adaptive clipping"),
)
"""Authors, title, and what here goes back to it."""
