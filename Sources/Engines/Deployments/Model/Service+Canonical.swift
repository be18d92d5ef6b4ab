// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension Service: CanonicalCodable {
    /// Appends the fields in the order of their declaration.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeText(group)
        encoder.writeText(image)
        encoder.write(resources)
        encoder.write(replicas)
        encodeProgram(to: &encoder)
        encodeSurroundings(to: &encoder)
        encodeLife(to: &encoder)
        encodeRights(to: &encoder)
    }

    private func encodeProgram(to encoder: inout CanonicalEncoder) {
        for words in [command, entrypoint] {
            encoder.write(words != nil)
            if let words { encoder.writeTexts(words) }
        }
        encoder.writeList(environment)
        encoder.writeList(labels)
        encoder.writeOptionalText(user)
        encoder.writeTexts(groups)
        encoder.writeOptionalText(workingDirectory)
        encoder.writeOptionalText(hostname)
        encoder.writeList(extraHosts)
        encoder.writeOptionalText(platform)
    }

    private func encodeSurroundings(to encoder: inout CanonicalEncoder) {
        encoder.writeList(ports)
        encoder.writeList(networks)
        encoder.writeList(mounts)
        encoder.writeList(secrets)
        encoder.writeList(configs)
    }

    private func encodeLife(to encoder: inout CanonicalEncoder) {
        encoder.writeList(dependencies)
        encoder.writeOptional(healthCheck)
        encoder.write(restart)
        encoder.write(stopMilliseconds)
        encoder.writeOptionalText(stopSignal)
    }

    private func encodeRights(to encoder: inout CanonicalEncoder) {
        for flag in [isReadOnly, hasInit, hasTerminal, keepsInput] { encoder.write(flag) }
        encoder.writeTexts(addedCapabilities)
        encoder.writeTexts(droppedCapabilities)
        encoder.writeList(processLimits)
        encoder.writeOptionalInteger(processesMax)
        encoder.writeOptionalInteger(sharedMemoryBytes)
        encoder.write(log)
        encoder.write(pullsAlways)
    }

    /// Reads the fields in the order of their declaration.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        group = try decoder.readName()
        image = try decoder.readValue()
        resources = try decoder.read()
        replicas = try decoder.read()
        try decodeProgram(from: &decoder)
        try decodeSurroundings(from: &decoder)
        try decodeLife(from: &decoder)
        try decodeRights(from: &decoder)
    }

    private mutating func decodeProgram(
        from decoder: inout CanonicalDecoder
    ) throws(CanonicalError) {
        command = try decoder.readOptionalTexts()
        entrypoint = try decoder.readOptionalTexts()
        environment = try decoder.readEntries()
        labels = try decoder.readEntries()
        user = try decoder.readOptionalText()
        groups = try decoder.readTexts()
        workingDirectory = try decoder.readOptionalText()
        hostname = try decoder.readOptionalText()
        extraHosts = try decoder.readEntries()
        platform = try decoder.readOptionalText()
    }

    private mutating func decodeSurroundings(
        from decoder: inout CanonicalDecoder
    ) throws(CanonicalError) {
        ports = try decoder.readEntries()
        networks = try decoder.readEntries()
        mounts = try decoder.readEntries()
        secrets = try decoder.readEntries()
        configs = try decoder.readEntries()
    }

    private mutating func decodeLife(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        dependencies = try decoder.readEntries()
        healthCheck = try decoder.readOptional()
        restart = try decoder.read()
        stopMilliseconds = try decoder.read()
        stopSignal = try decoder.readOptionalText()
    }

    private mutating func decodeRights(
        from decoder: inout CanonicalDecoder
    ) throws(CanonicalError) {
        isReadOnly = try decoder.readFlag()
        hasInit = try decoder.readFlag()
        hasTerminal = try decoder.readFlag()
        keepsInput = try decoder.readFlag()
        addedCapabilities = try decoder.readTexts()
        droppedCapabilities = try decoder.readTexts()
        processLimits = try decoder.readEntries()
        processesMax = try decoder.readOptionalInteger()
        sharedMemoryBytes = try decoder.readOptionalInteger()
        log = try decoder.read()
        pullsAlways = try decoder.readFlag()
    }
}
