// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

// Programs run in containers.

extension Routes {
    mutating func addEntries() {
        on(.post, "/containers/{name}/exec") { engine, request in
            let entry = try await engine.createEntry(
                request.place("name"), try await request.document())
            return .json(.created, ["Id": JSON(entry.id)])
        }
        on(.post, "/exec/{id}/start") { engine, request in
            let entry = try await engine.entry(request.place("id"))
            let body = try await request.document()
            try await engine.startEntry(entry.id)
            guard body["Detach"]?.flag != true else {
                Self.drain(try await engine.listen(toEntry: entry.id), entry, engine)
                return HTTPResponse(.ok)
            }
            let effects = engine.effects
            // It begins after the answer's head went out: clients that read ahead lose what comes
            // with it.
            return Self.taken(isRaw: entry.hasTerminal) { client in
                guard let program = try? await engine.listen(toEntry: entry.id) else {
                    _ = await engine.finishEntry(entry.id)
                    return
                }
                await AttachPoint.join(client, program, speaks: entry.opensInput, effects) {
                    guard let reason = await engine.finishEntry(entry.id) else { return }
                    let text = Array("\(reason)\n".utf8)
                    try? await client.write(
                        entry.hasTerminal ? text : LogReader.frame(text, stream: 2))
                }
            }
        }
        on(.get, "/exec/{id}/json") { engine, request in
            let entry = try await engine.entry(request.place("id"))
            let number = entry.isRunning ? await engine.process(ofEntry: entry.id) : nil
            return .json(
                .ok,
                [
                    "ID": JSON(entry.id), "ContainerID": JSON(entry.container),
                    "Running": .bool(entry.isRunning),
                    "ExitCode": entry.exitCode.map { JSON($0) } ?? .null,
                    "Pid": JSON(number ?? 0),
                    "OpenStdin": .bool(entry.opensInput), "OpenStdout": true, "OpenStderr": true,
                    "CanRemove": false, "DetachKeys": "",
                    "ProcessConfig": [
                        "tty": .bool(entry.hasTerminal),
                        "entrypoint": JSON(entry.arguments.first ?? ""),
                        "arguments": .array(entry.arguments.dropFirst().map { JSON($0) }),
                        "privileged": false,
                    ],
                ])
        }
        on(.post, "/exec/{id}/resize") { engine, request in
            let entry = try await engine.entry(request.place("id"))
            let container = try await engine.container(entry.container)
            let (rows, columns) = try Self.size(request)
            try await engine.entryPoint(entry, in: container).resize(rows: rows, columns: columns)
            return HTTPResponse(.ok)
        }
    }

    /// Nobody follows it: what it says is taken and let go.
    private static func drain(
        _ program: any ByteStream, _ entry: EngineEntry, _ engine: Engine
    ) {
        engine.effects.tasks.spawn("exec \(entry.id)") {
            while let bytes = try? await program.read(limit: 65_536), !bytes.isEmpty {}
            program.close()
            _ = await engine.finishEntry(entry.id)
        }
    }
}
