// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
public enum HMACSHA256 {
    /// The authenticator of a message under a key of any length.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> Bytes32 {
        authenticate([message], key: key)
    }

    /// The authenticator of the parts joined, without joining them.
    static func authenticate(_ parts: [[UInt8]], key: [UInt8]) -> Bytes32 {
        CryptographyLibrary.start()
        var state = crypto_auth_hmacsha256_state()
        defer { sodium_memzero(&state, MemoryLayout.size(ofValue: state)) }
        crypto_auth_hmacsha256_init(&state, key, key.count)
        for part in parts { crypto_auth_hmacsha256_update(&state, part, UInt64(part.count)) }
        return Bytes32 { out in
            _ = crypto_auth_hmacsha256_final(
                &state, out.firstByte)
        }
    }

    /// Whether `authenticator` is this message's under this key, compared in constant time.
    public static func accepts(
        _ authenticator: Bytes32, of message: [UInt8], key: [UInt8]
    ) -> Bool {
        ConstantTime.areEqual(authenticator.bytes, authenticate(message, key: key).bytes)
    }
}
