"""Architectures, one file each: what is connected to what."""

from playground.nn.architectures.base import AnyArchitecture, Architecture, registry

__all__ = ["AnyArchitecture", "Architecture", "registry"]
