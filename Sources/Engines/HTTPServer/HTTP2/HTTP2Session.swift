// SPDX-License-Identifier: Apache-2.0
import CNghttp2

/// One connection's state in the library: bytes of the wire in, happenings and bytes out.
///
/// It touches no socket and knows no handler. One caller at a time: its connection, an actor.
final class HTTP2Session {
    /// What the client did, in the order it did it.
    enum Happening {
        case head(Int32, HTTPRequestHead)
        /// A request that breaks a rule; its stream waits for an answer.
        case refused(Int32, HTTPRefusal)
        case body(Int32, [UInt8])
        case bodyEnded(Int32)
        /// All of a response was handed out.
        case responseSent(Int32)
        /// The client took a request back.
        case takenBack(Int32)
        case closed(Int32)
    }

    /// Bytes of a response that wait for the client's window.
    fileprivate struct Outgoing {
        var bytes: [UInt8] = []
        var position = 0
        var isEnded = false
        var isDeferred = false
        var unsent: Int { bytes.count - position }
    }

    private var raw: OpaquePointer?
    fileprivate var happenings: [Happening] = []
    fileprivate var incoming: [Int32: HTTP2Head] = [:]
    fileprivate var outgoing: [Int32: Outgoing] = [:]

    /// A session that has said its settings; nothing when there is no memory.
    init?() {
        var callbacks: OpaquePointer?
        var option: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0 else { return nil }
        defer { nghttp2_session_callbacks_del(callbacks) }
        guard nghttp2_option_new(&option) == 0 else { return nil }
        defer { nghttp2_option_del(option) }
        nghttp2_option_set_no_auto_window_update(option, 1)
        nghttp2_option_set_max_outbound_ack(option, HTTP2Limits.repliesMax)
        nghttp2_option_set_max_send_header_block_length(option, HTTPLimits.headBytesMax * 2)
        Self.listen(callbacks)
        let this = Unmanaged.passUnretained(self).toOpaque()
        guard nghttp2_session_server_new2(&raw, callbacks, this, option) == 0 else { return nil }
        var settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(HTTP2Limits.streamsMax)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
                value: UInt32(HTTP2Limits.streamWindow)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(HTTPLimits.headBytesMax)),
        ]
        nghttp2_submit_settings(raw, 0, &settings, settings.count)
        nghttp2_session_set_local_window_size(
            raw, 0, 0, Int32(HTTP2Limits.connectionWindow))
    }

    deinit { nghttp2_session_del(raw) }

    // MARK: - The wire

    /// Takes bytes from the wire and tells what they mean.
    func feed(_ bytes: [UInt8]) throws(HTTP2Failure) -> [Happening] {
        let count = nghttp2_session_mem_recv(raw, bytes, bytes.count)
        guard count >= 0 else { throw .broken(Int32(count)) }
        return takeHappenings()
    }

    /// What has happened since the last look.
    func takeHappenings() -> [Happening] {
        defer { happenings = [] }
        return happenings
    }

    /// Bytes that wait for the wire, in frames, about ``HTTP2Limits/writeBytes`` at most.
    func takeOutput() throws(HTTP2Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < HTTP2Limits.writeBytes {
            var data: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(raw, &data)
            guard count >= 0 else { throw .broken(Int32(count)) }
            guard count > 0, let data else { break }
            bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: count))
        }
        return bytes
    }

    /// Whether nothing more will be read or sent.
    var isOver: Bool {
        nghttp2_session_want_read(raw) == 0 && nghttp2_session_want_write(raw) == 0
    }

    /// A reader has taken bytes of a body: the client may send as many more.
    func consume(_ stream: Int32, _ count: Int) { nghttp2_session_consume(raw, stream, count) }

    /// No new requests are taken; those begun are answered.
    func goAway() {
        let last = nghttp2_session_get_last_proc_stream_id(raw)
        nghttp2_submit_goaway(raw, 0, last, UInt32(NGHTTP2_NO_ERROR.rawValue), nil, 0)
    }

    /// Ends the connection with a reason.
    func terminate(calm: Bool) {
        let code = calm ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_NO_ERROR
        nghttp2_session_terminate_session(raw, UInt32(code.rawValue))
    }

    // MARK: - Responses

    /// Begins a response; its body follows unless there is none.
    func respond(_ stream: Int32, _ fields: [(name: String, value: String)], hasBody: Bool) {
        outgoing[stream] = hasBody ? Outgoing() : nil
        var source = nghttp2_data_provider()
        source.read_callback = Self.produce
        Self.withFields(fields) { pairs, count in
            if hasBody {
                nghttp2_submit_response(raw, stream, pairs, count, &source)
            } else {
                nghttp2_submit_response(raw, stream, pairs, count, nil)
            }
        }
    }

    /// Says that the body may come (RFC 9110 section 10.1.1).
    func inform(_ stream: Int32) {
        Self.withFields([(":status", "100")]) { pairs, count in
            _ = nghttp2_submit_headers(raw, 0, stream, nil, pairs, count, nil)
        }
    }

    /// Adds bytes to the body of a response.
    func give(_ stream: Int32, _ bytes: [UInt8]) {
        guard var body = outgoing[stream] else { return }
        if body.unsent == 0 {
            body.bytes = bytes
        } else {
            body.bytes = body.bytes[body.position...] + bytes
        }
        body.position = 0
        outgoing[stream] = body
        resume(stream)
    }

    /// The body of a response is whole.
    func end(_ stream: Int32) {
        outgoing[stream]?.isEnded = true
        resume(stream)
    }

    /// Cuts a stream off: with an error when its response is not whole.
    func reset(_ stream: Int32, isFailure: Bool) {
        let code = isFailure ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_NO_ERROR
        nghttp2_submit_rst_stream(raw, 0, stream, UInt32(code.rawValue))
    }

    /// Bytes of a response's body that were given and not sent.
    func unsent(_ stream: Int32) -> Int { outgoing[stream]?.unsent ?? 0 }

    private func resume(_ stream: Int32) {
        guard outgoing[stream]?.isDeferred == true else { return }
        outgoing[stream]?.isDeferred = false
        nghttp2_session_resume_data(raw, stream)
    }

    /// Hands fields to the library, which copies them.
    private static func withFields(
        _ fields: [(name: String, value: String)],
        _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Void
    ) {
        var texts: [UInt8] = []
        for field in fields {
            texts.append(contentsOf: field.name.utf8)
            texts.append(contentsOf: field.value.utf8)
        }
        texts.withUnsafeMutableBufferPointer { buffer in
            guard var place = buffer.baseAddress else { return }
            let pairs = fields.map { field in
                let (name, value) = (field.name.utf8.count, field.value.utf8.count)
                defer { place += name + value }
                return nghttp2_nv(
                    name: place, value: place + name, namelen: name, valuelen: value, flags: 0)
            }
            pairs.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}

// MARK: - What the library calls

extension HTTP2Session {
    private static func listen(_ callbacks: OpaquePointer?) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, this in
            if let frame, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
                session(this)?.incoming[frame.pointee.hd.stream_id] = HTTP2Head()
            }
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameCount, value, valueCount, _, this in
            guard let frame, let name, let value else { return 0 }
            // Trailers have no head that waits for them: they are checked and dropped.
            session(this)?.incoming[frame.pointee.hd.stream_id]?.add(
                Array(UnsafeBufferPointer(start: name, count: nameCount)),
                Array(UnsafeBufferPointer(start: value, count: valueCount)))
            return 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, _, stream, data, count, this in
            let bytes = Array(UnsafeBufferPointer(start: data, count: count))
            session(this)?.happenings.append(.body(stream, bytes))
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, this in
            if let frame { session(this)?.received(frame.pointee.hd) }
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, this in
            guard let frame, frame.pointee.hd.ends else { return 0 }
            session(this)?.happenings.append(.responseSent(frame.pointee.hd.stream_id))
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, _, this in
            session(this)?.closed(stream)
            return 0
        }
    }

    /// A frame has come whole.
    fileprivate func received(_ head: nghttp2_frame_hd) {
        let stream = head.stream_id
        if UInt32(head.type) == NGHTTP2_RST_STREAM.rawValue {
            happenings.append(.takenBack(stream))
        }
        if UInt32(head.type) == NGHTTP2_HEADERS.rawValue,
            let fields = incoming.removeValue(forKey: stream)
        {
            do {
                happenings.append(.head(stream, try fields.finished(isWhole: head.ends)))
            } catch {
                happenings.append(.refused(stream, error))
            }
        }
        if head.ends { happenings.append(.bodyEnded(stream)) }
    }

    fileprivate func closed(_ stream: Int32) {
        incoming[stream] = nil
        outgoing[stream] = nil
        happenings.append(.closed(stream))
    }

    /// Gives the library bytes of a body, as many as the client's windows let through.
    private static let produce: nghttp2_data_source_read_callback = {
        _, stream, buffer, room, flags, _, this in
        guard let session = session(this), var body = session.outgoing[stream], let buffer else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        let count = min(room, body.unsent)
        guard count > 0 || body.isEnded else {
            session.outgoing[stream]?.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        body.bytes.withUnsafeBufferPointer { bytes in
            guard count > 0, let base = bytes.baseAddress else { return }
            buffer.update(from: base + body.position, count: count)
        }
        body.position += count
        if body.unsent == 0, body.isEnded {
            flags?.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
        }
        session.outgoing[stream]?.position = body.position
        return count
    }
}

extension nghttp2_frame_hd {
    /// Whether the frame is the last of its sender on its stream.
    var ends: Bool {
        let carries =
            UInt32(type) == NGHTTP2_HEADERS.rawValue || UInt32(type) == NGHTTP2_DATA.rawValue
        return carries && UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
    }
}

/// The session that a call of the library is about.
private func session(_ pointer: UnsafeMutableRawPointer?) -> HTTP2Session? {
    // Sound: the library calls back only within a call of the object's methods, with the pointer
    // that its `init` gave; the object lives as long as the library's session, which it owns.
    pointer.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
}
