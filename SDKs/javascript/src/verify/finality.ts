// SPDX-License-Identifier: Apache-2.0
// A header is final when more than two thirds of the stake signed it or a descendant.
import { concat, fromHex, toHex, utf8 } from "../bytes/hex";
import { encode } from "../codec/codec";
import { id32, u64 } from "../codec/scalars";
import { accepts } from "../crypto/ed25519";
import { sha256 } from "../crypto/sha256";
import { header as headerCodec, statement as statementCodec } from "./chain";
import type { Certificate, FinalityProof, Header } from "./chain";
import { demand } from "./failure";
import type { Validator } from "./genesis";

/** A header's hash. */
export function headerHash(header: Header): string {
  return toHex(sha256(concat(utf8("atoll/block/1\0"), encode(headerCodec, header))));
}

/** The least stake that makes a quorum. */
export function quorumOf(validators: Validator[]): bigint {
  return (validators.reduce((sum, one) => sum + one.stake, 0n) * 2n) / 3n + 1n;
}

function indicesOf(signers: Uint8Array): number[] {
  demand(signers.length === 0 || signers[signers.length - 1] !== 0, "the signers are not shortest");
  const indices: number[] = [];
  signers.forEach((byte, place) => {
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) indices.push(8 * place + bit);
  });
  return indices;
}

/**
 * Checks a certificate's signatures and stake.
 *
 * @returns How many signed.
 * @throws VerificationFailure with what is wrong.
 */
export function verifyCertificate(
  certificate: Certificate, validators: Validator[], chain: string,
): number {
  const indices = indicesOf(certificate.signers);
  demand(indices.length === certificate.signatures.length, "signers and signatures differ in number");
  demand(indices.every((index) => index < validators.length), "a signer is no validator");
  const stake = indices.reduce((sum, index) => sum + validators[index]!.stake, 0n);
  demand(stake >= quorumOf(validators), "the signers are no quorum");
  const message = concat(
    utf8("atoll/vote/1\0"), encode(id32, chain), encode(u64, certificate.epoch),
    encode(statementCodec, certificate.statement));
  indices.forEach((index, place) => {
    const key = fromHex(validators[index]!.key);
    demand(
      accepts(key, certificate.signatures[place]!, message),
      `the signature of validator ${index} is not its own`);
  });
  return indices.length;
}

/**
 * Checks that a header is final among these validators.
 *
 * @returns How many signed.
 * @throws VerificationFailure with what is wrong.
 */
export function verifyFinality(
  header: Header, proof: FinalityProof, validators: Validator[], chain: string,
): number {
  demand(header.chain === chain, `the header is of chain ${header.chain}`);
  let last = header;
  let hash = headerHash(header);
  for (const next of proof.descendants) {
    demand(next.chain === chain && next.epoch === header.epoch, "a descendant is of elsewhere");
    demand(
      next.parent === hash && next.parentSlot === last.slot && next.slot > last.slot
        && next.height === last.height + 1n,
      "the descendants do not follow one another");
    last = next;
    hash = headerHash(next);
  }
  const statement = proof.certificate.statement;
  demand(proof.certificate.epoch === header.epoch, "the certificate is of another epoch");
  demand(
    "final" in statement && statement.final.slot === last.slot && statement.final.block === hash,
    "the certificate is for another block");
  return verifyCertificate(proof.certificate, validators, chain);
}
