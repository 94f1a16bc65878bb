"""The tables of AI: proposals, the ledger of calls, money, privacy, the cache."""

from selfos.features.ai.models.accounts import (
    AiCall,
    AiLimits,
    AiMeter,
    AiPrice,
    AiPrompt,
    AiReservation,
)
from selfos.features.ai.models.privacy import AiAnswer, AiDial
from selfos.features.ai.models.proposals import Proposal, ProposalLine

__all__ = [
    "AiAnswer",
    "AiCall",
    "AiDial",
    "AiLimits",
    "AiMeter",
    "AiPrice",
    "AiPrompt",
    "AiReservation",
    "Proposal",
    "ProposalLine",
]
