// SPDX-License-Identifier: Apache-2.0
import CYAML

/// Why a text is no YAML that is read here.
struct YAMLFailure: Error {
    let place: SourcePlace
    let message: String
}

/// What comes next in a YAML text.
enum YAMLEvent {
    case start
    case end
    case document
    case alias(String, SourcePlace)
    case scalar(YAMLScalar)
    case openList(YAMLOpening)
    case openMap(YAMLOpening)
    case close
}

/// A text as it stands in a file.
struct YAMLScalar {
    let text: String
    let isPlain: Bool
    let opening: YAMLOpening
}

/// What stands before a value.
struct YAMLOpening {
    let anchor: String?
    let tag: String?
    let place: SourcePlace
}

/// The events of a text, by libyaml: it knows the grammar, limits are kept by who asks.
final class YAMLEvents {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    // libyaml keeps a pointer into it.
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        input = .allocate(capacity: max(1, bytes.count))
        _ = input.update(fromContentsOf: bytes)
        let started = yaml_parser_initialize(parser)
        precondition(started == 1, "libyaml did not start: the machine has no memory left")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    func next() throws(YAMLFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        let place = SourcePlace(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: return .start
        case YAML_STREAM_END_EVENT: return .end
        case YAML_DOCUMENT_START_EVENT: return .document
        case YAML_ALIAS_EVENT: return .alias(Self.text(event.data.alias.anchor) ?? "", place)
        case YAML_SCALAR_EVENT: return .scalar(Self.scalar(event.data.scalar, place))
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return .openList(Self.opening(data.anchor, data.tag, place))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return .openMap(Self.opening(data.anchor, data.tag, place))
        default: return .close
        }
    }

    private typealias Scalar = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

    private static func scalar(_ data: Scalar, _ place: SourcePlace) -> YAMLScalar {
        let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
        return YAMLScalar(
            text: String(decoding: bytes, as: UTF8.self),
            isPlain: data.style == YAML_PLAIN_SCALAR_STYLE,
            opening: opening(data.anchor, data.tag, place))
    }

    private static func opening(
        _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?,
        _ place: SourcePlace
    ) -> YAMLOpening {
        YAMLOpening(anchor: text(anchor), tag: text(tag), place: place)
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    private var failure: YAMLFailure {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "this is no YAML"
        let isDecoding = parser.pointee.error == YAML_READER_ERROR
        let place = SourcePlace(isDecoding ? parser.pointee.mark : parser.pointee.problem_mark)
        guard let context = parser.pointee.context else {
            return YAMLFailure(place: place, message: problem)
        }
        return YAMLFailure(place: place, message: "\(String(cString: context)): \(problem)")
    }
}

extension SourcePlace {
    init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
