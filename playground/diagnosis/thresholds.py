"""All symptoms with their thresholds, as one field of a run's config: what a user changes, a link or a file carries."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, create_model

from playground.diagnosis.symptom import Symptom, registry


class Watched(BaseModel):
    """A field for each symptom, by its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def symptoms(self) -> Iterator[Symptom]:
        return (getattr(self, kind) for kind in type(self).model_fields)


Thresholds: type[Watched] = create_model(  # type: ignore[call-overload]
    "Thresholds", __base__=Watched, **{cls.model_fields["kind"].default: (cls, cls()) for cls in registry}
)
