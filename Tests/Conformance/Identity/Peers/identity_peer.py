# SPDX-License-Identifier: Apache-2.0
"""Answers questions about identity with other implementations: one JSON object a line in, one out.

Speaks for didkit (DIDs, credentials as tokens), sd-jwt (selective disclosure) and cryptography
(signatures of every kind, and Data Integrity made from them).
"""

import asyncio
import base64
import hashlib
import json
import os
import sys

import didkit
import sd_jwt.verifier
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

# The verifier has no other way to be told which algorithm holders prove themselves with.
sd_jwt.verifier.DEFAULT_SIGNING_ALG = "EdDSA"

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text):
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return b"\0" * (len(text) - len(text.lstrip("1"))) + data


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def canonical(value):
    # Only texts and plain objects come here, for which this is RFC 8785.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def integrity_message(document, options):
    return hashlib.sha256(canonical(options)).digest() + hashlib.sha256(canonical(document)).digest()


def sign_document(document, seed, method):
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-11-14T22:13:20Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    value = "z" + base58(key.sign(integrity_message(document, options)))
    return {**document, "proof": {**options, "proofValue": value}}


def verify_document(signed):
    proof = dict(signed["proof"])
    value = proof.pop("proofValue")
    document = {name: part for name, part in signed.items() if name != "proof"}
    multikey = from_base58(proof["verificationMethod"].split("#")[1][1:])
    key = ed25519.Ed25519PublicKey.from_public_bytes(multikey[2:])
    try:
        key.verify(from_base58(value[1:]), integrity_message(document, proof))
        return True
    except InvalidSignature:
        return False


def sign_token(payload, curve):
    """A token by a new key on a curve, and the key as did:key names it."""
    kind, codec, name = {
        "P-256": (ec.SECP256R1(), b"\x80\x24", "ES256"),
        "secp256k1": (ec.SECP256K1(), b"\xe7\x01", "ES256K"),
    }[curve]
    key = ec.generate_private_key(kind)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    multikey = "z" + base58(codec + point)
    payload = {**payload, "issuer": f"did:key:{multikey}"}
    header = {"alg": name, "typ": "vc+jwt", "kid": f"did:key:{multikey}#{multikey}"}
    signed = url64(canonical(header)) + "." + url64(canonical(payload))
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return {
        "did": f"did:key:{multikey}",
        "token": signed + "." + url64(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
    }


def issue_disclosure(question):
    claims = {
        (SDObj(name) if name in question["hidden"] else name): value
        for name, value in question["claims"].items()
    }
    issuer = SDJWTIssuer(
        claims,
        JWK(**question["issuer"]),
        JWK(**question["holder"]),
        sign_alg="EdDSA",
        extra_header_parameters={"typ": "dc+sd-jwt"},
    )
    return issuer.sd_jwt_issuance


def present_disclosure(question):
    holder = SDJWTHolder(question["text"])
    holder.create_presentation(
        {name: True for name in question["shown"]},
        question["nonce"],
        question["audience"],
        JWK(**question["holder"]),
        sign_alg="EdDSA",
    )
    return holder.sd_jwt_presentation


def verify_disclosure(question):
    verifier = SDJWTVerifier(
        question["text"],
        lambda issuer, header: JWK(**question["issuer"]),
        question["audience"],
        question["nonce"],
    )
    return verifier.get_verified_payload()


async def answer(question):
    match question["ask"]:
        case "resolve":
            return json.loads(await didkit.resolve_did(question["did"], "{}"))
        case "issue token":
            key = json.dumps(question["key"])
            method = await didkit.key_to_verification_method("key", key)
            options = {"proofFormat": "jwt", "verificationMethod": method}
            return await didkit.issue_credential(
                json.dumps(question["credential"]), json.dumps(options), key
            )
        case "verify token":
            options = json.dumps({"proofFormat": "jwt"})
            return json.loads(await didkit.verify_credential(question["token"], options))
        case "sign token":
            return sign_token(question["payload"], question["curve"])
        case "sign document":
            return sign_document(question["document"], question["seed"], question["method"])
        case "verify document":
            return verify_document(question["document"])
        case "issue disclosure":
            return issue_disclosure(question)
        case "present disclosure":
            return present_disclosure(question)
        case "verify disclosure":
            return verify_disclosure(question)


async def main():
    for line in sys.stdin:
        try:
            result = {"answer": await answer(json.loads(line))}
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(result), flush=True)
    # didkit's runtime does not survive the interpreter's own ending.
    os._exit(0)


asyncio.run(main())
