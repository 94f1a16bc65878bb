"""Access tokens for devices: signed JWTs in the shape of RFC 9068, read as RFC 8725 asks.

They say which session is meant and nothing else; whether it still lives, and what it may do, is
read from the database on every request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from selfos.kernel.crypto import Keys
from selfos.kernel.identifiers import new_id

PURPOSE = "jwt"
# The fully specified name of EdDSA on this curve (RFC 9864); nothing else is accepted.
ALGORITHM = "Ed25519"
TYPE, AUDIENCE = "at+jwt", "selfos"
LIFE = timedelta(minutes=15)
LONGEST_TOKEN = 2_000


def write(keys: Keys, *, issuer: str, user_id: UUID, session_id: UUID, now: datetime) -> str:
    """Return a token for a device's session, good for 15 minutes."""
    key = _key(keys)
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "jti": str(new_id()),
    }
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def read(keys: Keys, token: str, *, issuer: str, now: datetime) -> UUID | None:
    """Return the session a valid token names, or None for anything else."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    key = _key(keys)
    try:
        signed = jwt.decode(token, key, algorithms=[ALGORITHM])
        if signed.header.get("typ") != TYPE or signed.header.get("kid") != key.thumbprint():
            return None
        _expectations(issuer, now).validate(signed.claims)
        return UUID(signed.claims["sid"])
    except (JoseError, ValueError, TypeError):
        return None


def _expectations(issuer: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        sid={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )


def _key(keys: Keys) -> OKPKey:
    return OKPKey.import_key(keys.signing_key(PURPOSE))
