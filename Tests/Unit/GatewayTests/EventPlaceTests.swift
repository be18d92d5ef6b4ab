// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Gateway

/// The ids of server-sent events.
@Suite("Gateway: places of events")
struct EventPlaceTests {
    @Test("a place is read from the text it writes, and orders by height, then index")
    func text() {
        let place = EventPlace(height: 7, index: 12)
        #expect(EventPlace("7.12") == place)
        #expect("\(place)" == "7.12")
        #expect(place < EventPlace(height: 7, index: 13))
        #expect(EventPlace.end(of: BlockHeight(7)) < EventPlace(height: 8, index: 0))
    }

    @Test(
        "what is not two whole numbers with a dot is no place",
        arguments: ["", "7", "7.", ".7", "7.1.2", "-1.2", "+1.2", "7.4294967296", "a.b", "7 .1"])
    func malformed(text: String) { #expect(EventPlace(text) == nil) }
}
