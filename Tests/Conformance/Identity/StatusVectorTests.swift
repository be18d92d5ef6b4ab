// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Testing

/// Lists that zlib compressed, at several levels.
@Suite("Bitstring status lists of zlib")
struct StatusVectorTests {
    @Test("every list reads with the entries that were set")
    func lists() throws {
        let cases = try #require(try PublicVectors.kept("status-list.json")["cases"]?.elements)
        #expect(cases.count == 4)
        for vector in cases {
            let list = try StatusList(encoded: #require(vector["encodedList"]?.text))
            #expect(list.count == 131_072)
            for index in try #require(vector["set"]?.elements?.map(\.unsigned)) {
                #expect(try list.isSet(#require(index)))
            }
            let count = try (0..<UInt64(list.count)).count { try list.isSet($0) }
            #expect(UInt64(count) == vector["count"]?.unsigned)
        }
    }

    /// `zlib` 1.2.13 read the same bits from this text.
    @Test("the list with the first, the hundredth and the last entry has the text zlib has read")
    func written() throws {
        var list = try StatusList()
        for index: UInt64 in [0, 100, 131_071] { try list.set(index, to: true) }
        let file = try PublicVectors.kept("status-list.json")
        #expect(list.encoded == file["accepted"]?["encodedList"]?.text)
    }
}
