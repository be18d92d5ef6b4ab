// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import ServiceDiscovery
@testable import ServiceNetwork

@Suite("Inquiries of newcomers (DISCOVERY-12)")
struct InquiryTests {
    @Test("questions and answers have one encoding within their limits, and survive any bytes")
    func wire() throws {
        let net = ServiceWorld(1, seed: 61)
        let signed = (0..<ServiceAnswer.announcementsMax).map { net.announcement(of: $0) }
        let answer = ServiceAnswer(signed).canonicalBytes
        #expect(answer.count <= ServiceAnswer.encodedBytesMax)
        #expect(try ServiceAnswer(canonicalBytes: answer).announcements == signed)
        let longest = must(Capability(String(repeating: "c", count: Capability.bytesMax)))
        let inquiry = ServiceInquiry(capability: longest, after: signed[0].announcement.id)
            .canonicalBytes
        #expect(inquiry.count <= ServiceInquiry.encodedBytesMax)
        #expect(try ServiceInquiry(canonicalBytes: inquiry).after == signed[0].announcement.id)
        let short = ServiceAnswer(Array(signed.prefix(2))).canonicalBytes
        for round in 0..<3_000 {
            let question = changed(inquiry, round, net)
            if let read = try? ServiceInquiry(canonicalBytes: question) {
                #expect(read.canonicalBytes == question)
            }
            let told = changed(short, round, net)
            if let read = try? ServiceAnswer(canonicalBytes: told) {
                #expect(read.canonicalBytes == told)
            }
        }
    }

    /// The bytes with one changed, taken out or put in, or cut.
    private func changed(_ bytes: [UInt8], _ round: Int, _ net: ServiceWorld) -> [UInt8] {
        var result = bytes
        let place = Int(net.world.choose(below: UInt64(bytes.count)))
        let byte = UInt8(net.world.choose(below: 256))
        switch round % 4 {
        case 0: result[place] = byte
        case 1: result.remove(at: place)
        case 2: result.insert(byte, at: place)
        default: result = Array(result.prefix(place))
        }
        return result
    }
}
