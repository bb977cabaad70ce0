"""All routers of the hub, in the order of the API description."""

from fastapi import APIRouter

from hub.routes import (
    authorities,
    catalog,
    certificates,
    clients,
    drafts,
    front,
    health,
    log,
    moves,
    officers,
    papers,
    problems,
    projects,
    references,
    schemas,
    status,
    tokens,
    trust,
    verifications,
    verifier,
)

ALL: tuple[APIRouter, ...] = (
    authorities.router,
    catalog.router,
    front.router,
    health.router,
    problems.router,
    trust.router,
    status.router,
    log.router,
    references.router,
    schemas.router,
    tokens.router,
    clients.router,
    officers.router,
    drafts.router,
    certificates.router,
    moves.router,
    papers.router,
    projects.router,
    verifications.router,
    verifier.router,
)
