// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

extension PublicKey {
    /// The X25519 public key of the same secret (RFC 7748 §4.1), or nothing when these bytes are
    /// no point of the large subgroup. Cost: about 30 µs.
    public var agreementKey: Bytes32? {
        CryptographyLibrary.start()
        var status: CInt = -1
        let key = Bytes32 { out in
            status = crypto_sign_ed25519_pk_to_curve25519(out.firstByte, raw.bytes)
        }
        return status == 0 ? key : nil
    }
}
