"""Every page of the console, all for whoever may see it."""

from fastapi import APIRouter, Depends

from gateway.console import (
    cohorts,
    importing,
    mails,
    matches,
    pairs,
    people,
    programmes,
    refused,
    resending,
    runs,
)
from gateway.http.security import console_only

router = APIRouter(dependencies=[Depends(console_only)], include_in_schema=False)
for subject in (
    programmes,
    cohorts,
    matches,
    pairs,
    people,
    importing,
    mails,
    refused,
    resending,
    runs,
):
    router.include_router(subject.router)
