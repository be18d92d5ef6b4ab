// SPDX-License-Identifier: Apache-2.0

/// Reads one YAML document into nodes with places, within bounds whatever it says (DEPLOY-4).
struct YAMLReader {
    /// The most bytes of a file: 1 MiB; a thousand services of a thousand bytes each.
    static let bytesMax = 1 << 20
    /// The most values that lie inside one another: 32. Compose files have at most nine.
    static let depthMax = 32
    /// The most weight of all values with what aliases repeat: 8 MiB. A text has at most 16 bytes
    /// of weight for each of its own, so only aliases come near it.
    static let weightMax = 8 << 20

    private let events: YAMLEvents
    private let book: FindingBook
    private var anchors: [String: YAMLNode] = [:]
    // What aliases have repeated so far; what stands in the file itself is bounded by its size.
    private var repeated = 0

    private init(_ bytes: [UInt8], _ book: FindingBook) {
        events = YAMLEvents(bytes)
        self.book = book
    }

    /// The document of a file; nothing when it has none or cannot be read, which the book then
    /// says.
    static func read(_ bytes: [UInt8], _ book: FindingBook) -> YAMLNode? {
        guard bytes.count <= bytesMax else {
            book.error(.start, "", "the file has more than \(bytesMax) bytes")
            return nil
        }
        var reader = YAMLReader(bytes, book)
        do throws(YAMLFailure) {
            return try reader.document()
        } catch {
            book.error(error.place, "", error.message)
            return nil
        }
    }

    private mutating func document() throws(YAMLFailure) -> YAMLNode? {
        var found: YAMLNode?
        while true {
            switch try events.next() {
            case .start, .close: continue
            case .document:
                let first = try events.next()
                if let found {
                    let place = Self.place(of: first) ?? found.place
                    throw YAMLFailure(
                        place: place, message: "a second document: a file holds one deployment")
                }
                found = try node(first, depth: 0)
            case .end: return found
            case .alias, .scalar, .openList, .openMap: continue
            }
        }
    }

    private static func place(of event: YAMLEvent) -> SourcePlace? {
        switch event {
        case .alias(_, let place): place
        case .scalar(let scalar): scalar.opening.place
        case .openList(let opening), .openMap(let opening): opening.place
        case .start, .end, .document, .close: nil
        }
    }

    private mutating func node(
        _ event: YAMLEvent, depth: Int
    ) throws(YAMLFailure) -> YAMLNode {
        switch event {
        case .alias(let name, let place): return try alias(name, place)
        case .scalar(let scalar):
            let isText = try Self.checkTag(scalar.opening) == "str"
            let node = YAMLNode(
                scalar.opening.place, .scalar(scalar.text, isPlain: scalar.isPlain && !isText))
            return remember(node, scalar.opening)
        case .openList(let opening):
            try Self.check(opening, depth)
            var elements: [YAMLNode] = []
            while let element = try next(depth: depth + 1) { elements.append(element) }
            return remember(YAMLNode(opening.place, .list(elements)), opening)
        case .openMap(let opening):
            try Self.check(opening, depth)
            return remember(try mapping(opening.place, depth), opening)
        case .start, .end, .document, .close:
            return YAMLNode(.start, .scalar("", isPlain: true))
        }
    }

    /// The next value, or nothing where a list or mapping ends.
    private mutating func next(depth: Int) throws(YAMLFailure) -> YAMLNode? {
        let event = try events.next()
        if case .close = event { return nil }
        return try node(event, depth: depth)
    }

    private mutating func alias(
        _ name: String, _ place: SourcePlace
    ) throws(YAMLFailure) -> YAMLNode {
        guard let node = anchors[name] else {
            throw YAMLFailure(place: place, message: "there is no anchor &\(name) before this")
        }
        repeated += node.weight
        guard repeated <= Self.weightMax else {
            throw YAMLFailure(
                place: place, message: "aliases repeat more than \(Self.weightMax >> 20) MiB")
        }
        return YAMLNode(place, node.content)
    }

    private mutating func remember(_ node: YAMLNode, _ opening: YAMLOpening) -> YAMLNode {
        if let anchor = opening.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func mapping(
        _ place: SourcePlace, _ depth: Int
    ) throws(YAMLFailure) -> YAMLNode {
        var own = YAMLMapping()
        var merged: [YAMLNode] = []
        while let key = try next(depth: depth + 1) {
            guard let value = try next(depth: depth + 1) else { break }
            guard case .scalar(let name, let isPlain) = key.content else {
                throw YAMLFailure(place: key.place, message: "a name in a mapping is a text")
            }
            if isPlain, name == "<<" {
                merged.append(value)
            } else if let first = own.insert(YAMLEntry(name, key.place, value)) {
                book.error(
                    key.place, name,
                    "'\(name)' is here again; it is on line \(first.line) already")
            }
        }
        for value in merged { own.merge(value, book) }
        return YAMLNode(place, .map(own.entries))
    }

    private static func check(_ opening: YAMLOpening, _ depth: Int) throws(YAMLFailure) {
        guard depth < depthMax else {
            throw YAMLFailure(
                place: opening.place,
                message: "more than \(depthMax) lists and mappings inside one another")
        }
        _ = try checkTag(opening)
    }

    /// The word of a tag of the core schema, or nothing where there is no tag.
    private static func checkTag(_ opening: YAMLOpening) throws(YAMLFailure) -> String? {
        guard let tag = opening.tag, tag != "!" else { return opening.tag.map { _ in "str" } }
        let core = "tag:yaml.org,2002:"
        let word = tag.hasPrefix(core) ? String(tag.dropFirst(core.count)) : ""
        guard ["str", "int", "bool", "float", "null", "seq", "map"].contains(word) else {
            throw YAMLFailure(place: opening.place, message: "the tag \(tag) is not read here")
        }
        return word
    }
}

/// The entries of a mapping while it is read: each name once.
private struct YAMLMapping {
    private(set) var entries: [YAMLEntry] = []
    private var places: [String: SourcePlace] = [:]

    /// Adds an entry, or says where its name stands already.
    mutating func insert(_ entry: YAMLEntry) -> SourcePlace? {
        if let first = places[entry.name] { return first }
        places[entry.name] = entry.place
        entries.append(entry)
        return nil
    }

    /// Adds what another mapping, or each of a list of them, has beside.
    mutating func merge(_ value: YAMLNode, _ book: FindingBook) {
        switch value.content {
        case .map(let others): for entry in others { _ = insert(entry) }
        case .list(let nodes) where nodes.allSatisfy({ $0.entries != nil }):
            for node in nodes { merge(node, book) }
        case .list, .scalar:
            book.error(value.place, "<<", "'<<' takes a mapping, or a list of them")
        }
    }
}
