// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@Suite("Account ids")
struct AccountIDTests {
    @Test("an account's id is the SHA-256 of its tag, a zero byte and its first key")
    func id() throws {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 0, count: 32))).publicKey
        let hashed = Array("atoll/account/1".utf8) + [0] + key.raw.bytes
        #expect(AccountID(of: key).raw == SHA256.hash(hashed).raw)
        #expect(
            AccountID(of: key).description
                == "fd09557892a1cff9a1a5374d077c20c1b54ec529179d0a10be7e4e45f72c32a4")
    }
}
