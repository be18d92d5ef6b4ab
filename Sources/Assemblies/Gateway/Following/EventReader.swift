// SPDX-License-Identifier: Apache-2.0
import JSONText
import NodeInterface
import Vocabulary

/// One reader's way through the events of the chain, at its own speed.
///
/// It holds nothing but its place: newer events come from the shared log, older ones from the
/// node's own feed, and what neither holds any more is told as a gap.
struct EventReader: Sendable {
    let context: GatewayContext
    let filter: EventFilter
    private(set) var place: EventPlace

    /// What follows the place.
    enum Step: Sendable {
        /// Wanted events; maybe none of those there were.
        case events([LoggedEvent])
        /// Events are lost; where the reader goes on.
        case gap(JSON, EventPlace)
        /// Nothing yet.
        case nothing
        /// No more will come.
        case closed
    }

    init(context: GatewayContext, filter: EventFilter, place: EventPlace) {
        self.context = context
        self.filter = filter
        self.place = place
    }

    /// Takes the next step.
    mutating func next() async -> Step {
        switch context.events.page(after: place, for: filter).page {
        case .closed: return .closed
        case .nothing: return .nothing
        case .events(let found, let last):
            place = last
            return .events(found)
        case .older: return await older()
        }
    }

    /// Wanted events that the shared log no longer holds.
    private mutating func older() async -> Step {
        let height = place.feedHeight
        let before = place
        switch await context.node.blocks(after: height, waiting: 0) {
        case .gap(let resumeAfter): return gap(resumeAfter)
        case .blocks(let blocks):
            place = max(place, .end(of: height))
            var found: [LoggedEvent] = []
            var bytes = 0
            for block in blocks {
                for event in EventRendering.events(of: block, filter.topics)
                where event.place > before && filter.takes(event) {
                    found.append(event)
                    bytes += event.bytes.count
                }
                place = max(place, .end(of: block.height))
                if bytes >= EventLog.pageBytes { break }
            }
            return place == before ? .nothing : .events(found)
        }
    }

    /// Tells what was missed; the reader goes on after the gap.
    private mutating func gap(_ resumeAfter: BlockHeight) -> Step {
        let missed: JSON = ["after": .string("\(place)"), "resumeAfter": JSON(resumeAfter)]
        place = max(place, .end(of: resumeAfter))
        return .gap(missed, place)
    }
}
