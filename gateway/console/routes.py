"""Every page of the console, all for whoever may see it."""

from fastapi import APIRouter

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
from gateway.console.accounts import all_accounts, own_account
from gateway.console.erasing import routes as erasing
from gateway.console.privacy import routes as privacy
from gateway.console.roles import comments, mentors, regions

router = APIRouter(include_in_schema=False)
for subject in (
    programmes,
    regions,
    privacy,
    cohorts,
    matches,
    pairs,
    people,
    erasing,
    importing,
    mails,
    refused,
    resending,
    runs,
    comments,
    mentors,
    own_account,
    all_accounts,
):
    router.include_router(subject.router)
