"""An example of each payload, which its handler accepts as it is."""

from typing import Any

from pydantic import BaseModel

_SAMPLES: dict[str, Any] = {
    "session": 1,
    "sequence": 0,
    "check": 1,
    "side": "mentor",
    "answer": "yes",
    "item": "rehearsal",
    "mentee": "pmwyxjner6rlwe",
    "module": "listening",
    "concern": "a-code-of-yours",
    "pulse": "a-code-of-yours",
    "reason": "asked",
    "region": "est",
    "need": "works_council",
    "evidence": {
        "cohort": {"programme": "mentorat-2027", "region": "comex", "wave": 1},
        "pairs": 16,
        "completed": 10,
        "on_course": 0.8,
        "sessions_held": 30,
        "answers": 12,
        "aims_met": True,
    },
}


def example(model: type[BaseModel]) -> dict[str, Any]:
    """Returns the model's own example, or one made of the fields that are needed."""
    extra = model.model_config.get("json_schema_extra")
    if (
        isinstance(extra, dict)
        and isinstance(own := extra.get("examples"), list)
        and isinstance(own[0], dict)
    ):
        return dict(own[0])
    return {
        name: _SAMPLES[name]
        for name, field in model.model_fields.items()
        if field.is_required()
    }
