"""Whatever a program sends to the API is answered as the OpenAPI document says, and never with a trace."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from tests import living
from tests.living import submitted
from ui.api import routes
from workflows import table
from workflows.people.tokens import NEVER, WEIGHTY, make_token

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EACH = 3  # of a question or verb, well formed and malformed
APP = Starlette(routes=routes.routes())


def operations() -> list[Any]:
    """Every question and verb of the document."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
    found: list[Any] = list(schema.get_all_operations())
    return [each.ok() for each in found]


@pytest.mark.parametrize("kind", ["ask", "do"])
def test_what_is_sent_is_answered_as_the_document_says(database: str, kind: str) -> None:
    assert database
    there = living.living()
    submitted(there)
    scopes = ["ask", "do", *(f"do:{name}" for name in sorted(WEIGHTY))]
    token = make_token(there.administrator, name="x", scopes=scopes).token
    known = [one for one in operations() if one.path.startswith(f"/{kind}/")]

    for operation in known:
        _fuzz(operation, {"Authorization": f"Bearer {token}"})

    assert len(known) == len(table.catalogue()[kind]) - (len(NEVER) if kind == "do" else 0)


def _fuzz(operation: Any, headers: dict[str, str]) -> None:
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    strategy = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @settings(max_examples=EACH, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(strategy)
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    send()
