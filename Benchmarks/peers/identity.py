# SPDX-License-Identifier: Apache-2.0
"""Prints how many credentials a second another implementation checks on one core.

Arguments: didkit or sd-jwt, runs, checks per run. Time is that of the whole process on its
processors, since the library may compute on threads of its own.
"""
import asyncio
import json
import os
import statistics
import sys
import time


def rates(check, runs, count):
    check()
    results = []
    for _ in range(runs):
        begin = time.process_time()
        for _ in range(count):
            check()
        results.append(count / (time.process_time() - begin))
    return statistics.median(results)


async def didkit_rate(runs, count):
    import didkit

    key = didkit.generate_ed25519_key()
    did = didkit.key_to_did("key", key)
    method = await didkit.key_to_verification_method("key", key)
    credential = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": "urn:uuid:1b2d1d6b-1f3a-4f3a-8b62-1e1c6d5a1111",
        "type": ["VerifiableCredential"],
        "issuer": did,
        "issuanceDate": "2023-11-14T22:13:20Z",
        "credentialSubject": {"id": did},
    }
    options = json.dumps({"proofFormat": "jwt", "verificationMethod": method})
    token = await didkit.issue_credential(json.dumps(credential), options, key)
    wanted = json.dumps({"proofFormat": "jwt"})

    results = []
    for _ in range(runs):
        begin = time.process_time()
        for _ in range(count):
            answer = json.loads(await didkit.verify_credential(token, wanted))
            if answer["errors"]:
                raise SystemExit(f"refused: {answer}")
        results.append(count / (time.process_time() - begin))
    return statistics.median(results)


def sd_jwt_rate(runs, count):
    import sd_jwt.verifier
    from jwcrypto.jwk import JWK
    from sd_jwt.common import SDObj
    from sd_jwt.issuer import SDJWTIssuer

    key = JWK.generate(kty="OKP", crv="Ed25519")
    claims = {"iss": "https://issuer.example", SDObj("owner"): "Ada", SDObj("budget"): "1000"}
    text = SDJWTIssuer(claims, key, sign_alg="EdDSA").sd_jwt_issuance
    return rates(
        lambda: sd_jwt.verifier.SDJWTVerifier(text, lambda *_: key).get_verified_payload(),
        runs,
        count,
    )


peer, runs, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if peer == "didkit":
    rate = asyncio.run(didkit_rate(runs, count))
else:
    rate = sd_jwt_rate(runs, count)
print(rate, flush=True)
# didkit's runtime does not survive the interpreter's own ending.
os._exit(0)
