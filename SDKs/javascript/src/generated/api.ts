// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate-types.mjs from the schema that a node prints; do not edit.

/** The answers of a gateway. */
export interface components {
  schemas: {
    AccessKey: {
      id: string;
      name: string;
      account?: string;
      team?: string;
      scopes: ("read" | "submit" | "upload" | "credentials" | "manage")[];
      requestsPerMinute?: number;
      unitsPerMinute?: string;
      budget?: string;
      spent: string;
      created: number;
      expires?: number;
      revoked?: number;
      previousUntil?: number;
    };
    AccessKeyList: {
      keys: ({
        id: string;
        name: string;
        account?: string;
        team?: string;
        scopes: ("read" | "submit" | "upload" | "credentials" | "manage")[];
        requestsPerMinute?: number;
        unitsPerMinute?: string;
        budget?: string;
        spent: string;
        created: number;
        expires?: number;
        revoked?: number;
        previousUntil?: number;
      })[];
    };
    AccessKeyText: {
      id: string;
      name: string;
      account?: string;
      team?: string;
      scopes: ("read" | "submit" | "upload" | "credentials" | "manage")[];
      requestsPerMinute?: number;
      unitsPerMinute?: string;
      budget?: string;
      spent: string;
      created: number;
      expires?: number;
      revoked?: number;
      previousUntil?: number;
      text: string;
    };
    AccessKeyWish: {
      name: string;
      scopes: ("read" | "submit" | "upload" | "credentials" | "manage")[];
      team?: string;
      requestsPerMinute?: number;
      unitsPerMinute?: string;
      budget?: string;
      expires?: number;
    };
    AccessRotation: {
      graceSeconds?: number;
    };
    AccessTeam: {
      name: string;
      members: string[];
      budget?: string;
      spent: string;
    };
    AccessTeamList: {
      teams: {
        name: string;
        members: string[];
        budget?: string;
        spent: string;
      }[];
    };
    AccessTeamWish: {
      members: string[];
      budget?: string;
    };
    Account: {
      account: string;
      nonce: number;
      balances: components["schemas"]["Balance"][];
      next?: string;
    };
    Airdrop: {
      number: number;
      owner: string;
      source: string;
      asset: number;
      root: string;
      leaves: number;
      opens: number;
      expires: number;
      held: string;
    };
    AirdropPage: {
      airdrops: components["schemas"]["Airdrop"][];
      next?: string;
    };
    Asset: {
      asset: number;
      symbol: string;
      supply: string;
    };
    AssetPage: {
      assets: components["schemas"]["Asset"][];
      next?: string;
    };
    Auction: {
      number: number;
      owner: string;
      source: string;
      asset: number;
      supply: string;
      startPrice: string;
      endPrice: string;
      start: number;
      end: number;
      cap: string;
      isForPersons: boolean;
      paid: string;
      price: string;
      isOver: boolean;
      goods: string;
      bids: string;
      isClosed: boolean;
    };
    AuctionPage: {
      auctions: components["schemas"]["Auction"][];
      next?: string;
    };
    AuditPage: {
      records: {
        number: number;
        time: number;
        principal: string;
        action: string;
        subject: string;
        status: number;
        request: string;
        previous: string;
        hash: string;
      }[];
      count: number;
      head: string;
    };
    Balance: {
      asset: number;
      amount: string;
    };
    Bid: {
      provider: string;
      basePrice: string;
      pricePerMillionFuel: string;
    };
    Blob: {
      digest: string;
      size: number;
    };
    Block: {
      height: number;
      slot: number;
      hash: string;
      parent: string;
      time: number;
      proposer: string;
      stateHeight: number;
      stateRoot: string;
      transactions: string[];
      signers: string[];
    };
    BlockPage: {
      blocks: components["schemas"]["Block"][];
      next?: string;
    };
    Bond: {
      account: string;
      role: "holder" | "compute" | "storage" | "bandwidth" | "orchestrator" | "wholesaler" | "developer" | "marketer" | "node" | "supplier" | "fisherman" | "gateway" | "application" | "machine" | "issuer" | "council";
      state: "bonded" | "paused" | "jailed" | "unbonding" | "withdrawn" | "banned";
      until?: number;
      base: string;
      second: string;
      lock: number;
      lockedUntil: number;
      signer?: string;
      country?: string;
      region?: string;
      entity?: string;
      leaving: {
        base: string;
        second: string;
        due: number;
      }[];
      offences: number;
      slashed: string;
      sinceHeight: number;
    };
    Bounty: {
      number: number;
      pool: number;
      asset: number;
      subject: string;
      rows: {
        severity: string;
        least: string;
        most: string;
      }[];
      isOpen: boolean;
      paid: string;
    };
    BountyPage: {
      bounties: components["schemas"]["Bounty"][];
      next?: string;
    };
    Capacity: {
      provider: string;
      region: string;
      attributes: string[];
      declared: components["schemas"]["Resources"];
      held: components["schemas"]["Resources"];
    };
    Challenge: {
      nonce: string;
      text: string;
      signedBytes: string;
      expires: number;
    };
    CreatePresentation: {
      presentation: { [name: string]: unknown };
      options?: {
        policy?: { [name: string]: unknown };
        statusLists?: { [name: string]: unknown }[];
        accreditations?: { [name: string]: unknown }[];
        delegations?: { [name: string]: unknown }[];
        challenge?: string;
        domain?: string;
      };
    };
    CreatedPresentation: {
      verifiablePresentation: { [name: string]: unknown };
    };
    Event: {
      height: number;
      index: number;
      transaction?: string;
      module: string;
      kind: number;
      name: string;
      subject: string;
      payload?: string;
    };
    EventPage: {
      events: components["schemas"]["Event"][];
      next?: string;
    };
    Execution: {
      provider: string;
      basePrice: string;
      pricePerMillionFuel: string;
      finding: "agreed" | "dissented" | "undecided";
      resultDigest?: string;
      bill: string;
      paid: string;
      paidFromBonds: string;
      slashed: string;
    };
    Faucet: {
      amount: string;
      perAccount: number;
      windowSeconds: number;
    };
    FaucetGrant: {
      hash: string;
      amount: string;
    };
    FaucetRequest: {
      account: string;
    };
    FinalOutcome: {
      hash: string;
      height: number;
      index: number;
      verdict: "applied" | "refused" | "skipped";
      fee: string;
      refusal: components["schemas"]["Refusal"] | null;
      acknowledged: "final";
    };
    Grant: {
      number: number;
      grantor: string;
      source: string;
      receiver: string;
      asset: number;
      total: string;
      earned: string;
      claimed: string;
      claimable: string;
      schedule: { [name: string]: unknown };
      isRevocable: boolean;
      revoked?: number;
      reached: number;
    };
    GrantPage: {
      grants: components["schemas"]["Grant"][];
      next?: string;
    };
    IdentityRecord: {
      did: string;
      account: string;
      controller: string;
      recovery: string;
      entries: number;
      last: string;
      isDeactivated: boolean;
      specification?: string;
      document: { [name: string]: unknown };
      height: number;
      time: number;
    };
    IndexPage: {
      items: ({
        kind: "blocks" | "transactions" | "accounts" | "jobs" | "events" | "proposals" | "validators";
        id: string;
        data: { [name: string]: unknown };
      })[];
      next?: string;
    };
    IndexStanding: {
      database: string;
      height: number;
      lag: number;
      rows: number;
      missedBlocks: number;
      counts: { [name: string]: unknown };
    };
    IssueCredential: {
      credential: { [name: string]: unknown };
      options?: {
        policy?: { [name: string]: unknown };
        statusLists?: { [name: string]: unknown }[];
        accreditations?: { [name: string]: unknown }[];
        delegations?: { [name: string]: unknown }[];
        challenge?: string;
        domain?: string;
      };
    };
    IssuedCredential: {
      verifiableCredential: { [name: string]: unknown };
    };
    Issuer: {
      account: string;
      did: string;
      state: "active" | "retiring" | "withdrawn";
      until?: number;
      address: string;
      authorities: {
        type: string;
        from: number;
        until?: number;
      }[];
      bond: string;
      slashed: string;
      since: number;
      lists?: {
        address: string;
        digest: string;
        time: number;
      }[];
    };
    IssuerPage: {
      issuers: components["schemas"]["Issuer"][];
      next?: string;
    };
    Job: {
      job: string;
      client: string;
      state: "open" | "running" | "revealing" | "settled" | "undetermined" | "expired" | "cancelled";
      disputed: boolean;
      moduleDigest: string;
      inputDigest: string;
      arguments?: string[];
      argumentsDigest: string;
      limits?: components["schemas"]["JobLimits"];
      replicas: number;
      asset: number;
      maxCost: string;
      deadline?: number;
      openedAt: number;
      openedHeight: number;
      bids: components["schemas"]["Bid"][];
      leases: components["schemas"]["Lease"][];
      result?: components["schemas"]["JobResult"];
      settlement?: components["schemas"]["Settlement"];
    };
    JobLimits: {
      fuelMax: number;
      memoryBytesMax: number;
      outputBytesMax: number;
      wallMilliseconds: number;
    };
    JobPage: {
      jobs: components["schemas"]["Job"][];
      next?: string;
    };
    JobResult: {
      outcome: "exited" | "trapped" | "fuelExhausted" | "memoryExceeded" | "outputExceeded" | "invalidModule" | "unsupportedImport" | "missingStart" | "invalidInput";
      code: number | null;
      trap?: string;
      outputDigest: string;
      outputBytes: number;
      fuelUsed: number;
    };
    Law: {
      rules: number;
      upgrade?: {
        version: number;
        epoch: number;
        digest: string;
      };
      assets: {
        asset: number;
        symbol: string;
        supply: string;
      }[];
      revenue: {
        services: {
          service: string;
          share: number;
          least: string;
          most: string;
        }[];
        work: {
          kind: string;
          asset: number;
          perUnit: string;
        }[];
        multipliers: {
          capability: string;
          weight: number;
        }[];
        early: {
          count: number;
          weight: number;
          spanMilliseconds: number;
        }[];
        fees: string;
        payments: string;
        burnt: string;
        treasury: string;
        validators: string;
        proposers: string;
        providers: string;
        orchestrators: string;
      };
      roles: ({
        role: "holder" | "compute" | "storage" | "bandwidth" | "orchestrator" | "wholesaler" | "developer" | "marketer" | "node" | "supplier" | "fisherman" | "gateway" | "application" | "machine" | "issuer" | "council";
        baseMin: string;
        asset?: number;
        secondMin: string;
        unbondingMilliseconds: number;
      })[];
      offences: {
        role?: string;
        cause: string;
        base: number;
        second: number;
        repeated: number;
        jailMilliseconds: number;
        bansFrom?: number;
      }[];
      kinds: ({
        kind: "text" | "parameter" | "treasury" | "upgrade" | "validators" | "role" | "constitutional" | "emergency" | "board";
        discussionMilliseconds: number;
        votingMilliseconds: number;
        timeLockMilliseconds: number;
        houses: {
          electorate: string;
          quorum: number;
          approval: number;
        }[];
      })[];
      councils: {
        name: string;
        seats: {
          account: string;
          weight: number;
        }[];
      }[];
    };
    Lease: {
      provider: string;
      state: "running" | "committed" | "revealed";
      dueBy: number;
      assignedAt: number;
      basePrice: string;
      pricePerMillionFuel: string;
    };
    LeasePage: {
      leases: components["schemas"]["LeaseRecord"][];
      next?: string;
    };
    LeasePrices: {
      base: string;
      coreSecond: string;
      memoryGigabyteSecond: string;
      storageGigabyteSecond: string;
      gigabyteIn: string;
      gigabyteOut: string;
      millionRequests: string;
    };
    LeaseRecord: {
      lease: string;
      state: "open" | "reserved" | "active" | "paused" | "grace" | "closing" | "closed";
      tenant: string;
      deployment: string;
      manifest: string;
      asset: number;
      token: number;
      receipts: number;
      lastReceipt: string;
      paid: string;
      openedAt: number;
      terms?: components["schemas"]["LeaseTerms"];
      funds?: string;
      rate?: string;
      resources?: components["schemas"]["Resources"];
      primary?: components["schemas"]["LeaseSeat"];
      standbys?: components["schemas"]["LeaseSeat"][];
      bids?: {
        provider: string;
        prices: components["schemas"]["LeasePrices"];
        standbyRate: string;
        receiptKey: string;
        heldUntil: number;
      }[];
      until?: number;
      fundsEnd?: number;
      settledUntil?: number;
      aliveUntil?: number;
      claim?: {
        from: number;
        until: number;
        amount: string;
        contestBy: number;
      };
      leaving?: "finished" | "unsatisfied" | "moved" | "providerSilent" | "reclaimed" | "maintenance" | "overloaded" | "hardwareFailed" | "policyViolated" | "manifestRefused" | "shuttingDown" | "noBid" | "neverStarted" | "fundsEnded" | "silenceEnded" | "claimContested";
      leavesAt?: number;
      provider?: string;
      refund?: string;
      reason?: "finished" | "unsatisfied" | "moved" | "providerSilent" | "reclaimed" | "maintenance" | "overloaded" | "hardwareFailed" | "policyViolated" | "manifestRefused" | "shuttingDown" | "noBid" | "neverStarted" | "fundsEnded" | "silenceEnded" | "claimContested";
      by?: string;
      closedAt?: number;
    };
    LeaseSeat: {
      provider: string;
      prices: components["schemas"]["LeasePrices"];
      standbyRate: string;
      receiptKey: string;
      snapshot?: {
        sequence: number;
        digest: string;
        bytes: number;
        takenAt: number;
      };
    };
    LeaseTerms: {
      work: "containers" | "model" | "agent";
      kind: "reserved" | "spot";
      groups: {
        name: string;
        count: number;
        each: components["schemas"]["Resources"];
      }[];
      regions: string[];
      attributes: string[];
      periodMilliseconds: number;
      ceiling: string;
      standbys: number;
      standbyCeiling: string;
      recoveryMilliseconds: number;
      takeoverMilliseconds: number;
      noticeMilliseconds: number;
      receiptKey: string;
      isAutomatic: boolean;
    };
    LiquidityPool: {
      number: number;
      first: {
        asset: number;
        symbol: string;
        reserve: string;
      };
      second: {
        asset: number;
        symbol: string;
        reserve: string;
      };
      fee: number;
      shares: string;
      shareAsset: number;
      locked?: string;
      lockedUntil?: number;
    };
    LiquidityPoolPage: {
      pools: components["schemas"]["LiquidityPool"][];
      next?: string;
    };
    Machine: {
      machine: string;
      owner: string;
      authorization?: {
        asset: number;
        valueMax: string;
        until: number;
        credential: string;
      };
    };
    Mandate: {
      mandate: string;
      principal: string;
      delegate: string;
      parent?: string;
      link: number;
      kinds: {
        module: string;
        tag: number;
      }[];
      resources?: string[];
      budgets: {
        asset: number;
        total: string;
        perPeriod?: string;
        spent?: string;
        period?: number;
        spentInPeriod?: string;
      }[];
      periodMilliseconds: number;
      from: number;
      until: number;
      paysFees: boolean;
    };
    MandatePage: {
      mandates: components["schemas"]["Mandate"][];
      next?: string;
    };
    Member: {
      account: string;
      name: string;
      publicKey: string;
      fees: string;
      state: "active" | "leaving" | "jailed" | "unbonding" | "withdrawn";
      untilEpoch?: number;
      sinceHeight: number;
      bond: string;
      backing: string;
      granted: number;
      slashed: string;
      weight?: number;
    };
    MemberPage: {
      epoch: number;
      seats: number;
      totalWeight: number;
      stakeMin: string;
      validators: components["schemas"]["Member"][];
      next?: string;
    };
    Multisig: {
      account: string;
      members: string[];
      threshold: number;
      decisions: {
        number: number;
        proposer: string;
        messages: {
          module: string;
          payload: string;
        }[];
        approvals: string[];
        expires: number;
        isVoid: boolean;
      }[];
    };
    Name: {
      name: string;
      state: "free" | "auction" | "held" | "grace";
      price: string;
      owner?: string;
      target?: string;
      expires?: number;
      auction?: {
        bidder: string;
        owner: string;
        amount: string;
        ends: number;
        bids: number;
        nextBid?: string;
      };
    };
    NamePage: {
      names: components["schemas"]["Name"][];
      next?: string;
    };
    Network: {
      peer: string;
      addresses: string[];
      observedAddresses: string[];
      reachability: string;
      placesHeld: number;
      circuits: number;
      knownPeers: number;
      connections: {
        peer: string;
        address: string;
        inbound: boolean;
        streams: number;
        roundTripMicroseconds?: number;
      }[];
      protocols: {
        name: string;
        inboundStreams: number;
        outboundStreams: number;
        refusedStreams: number;
        bytesIn: number;
        bytesOut: number;
      }[];
      bans: components["schemas"]["NetworkBan"][];
      ends: {
        reason: string;
        count: number;
      }[];
      counters: {
        name: string;
        value: number;
      }[];
    };
    NetworkBan: {
      banned: string;
      reason: string;
      millisecondsLeft: number;
    };
    NetworkPeer: {
      peer: string;
      publicKey?: string;
      connected: boolean;
      protected: boolean;
      added: boolean;
      roles?: string;
      agent: string;
      addresses: string[];
      protocols: string[];
      roundTripMicroseconds?: number;
      ban?: components["schemas"]["NetworkBan"];
      lastReason?: string;
    };
    NetworkTrace: {
      noted: number;
      running: boolean;
      movements: ({
        number: number;
        milliseconds: number;
        peer: string;
        protocol: string;
        stream: number;
        direction: "in" | "out";
        bytes: number;
      })[];
    };
    Outcome: {
      hash: string;
      height: number;
      index: number;
      verdict: "applied" | "refused" | "skipped";
      fee: string;
      refusal: components["schemas"]["Refusal"] | null;
      events: components["schemas"]["Event"][];
    };
    Peer: {
      publicKey: string;
      role: string;
      endpoint: string | null;
      state: string;
      roundTripMilliseconds: number | null;
      lastReason?: string;
    };
    Pool: {
      operator: string;
      commission: number;
      nextCommission?: number;
      nextCommissionEpoch?: number;
      insuredSinceEpoch?: number;
      backing: string;
      steady: string;
      compounding: string;
      compoundingShares: string;
      liquidShares: string;
      earned: string;
      flowing: string;
      leaving: string;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      detail?: string;
      instance?: string;
      name?: string;
      code?: number;
      module?: string;
    };
    Proposal: {
      number: number;
      kind: "text" | "parameter" | "treasury" | "upgrade" | "validators" | "role" | "constitutional" | "emergency" | "board";
      title: string;
      text: string;
      proposer: string;
      stage: "discussion" | "voting" | "queued" | "executed" | "rejected" | "vetoed" | "failed" | "withdrawn";
      since: number;
      ends: number;
      snapshot: number;
      deposit: string;
      upgrade?: {
        version: number;
        epoch: number;
        digest: string;
      };
      changes: {
        module: string;
        name: string;
        value: string;
      }[];
      messages: number;
      acts: {
        module: string;
        payload: string;
      }[];
      tallies: {
        yes: string;
        no: string;
        abstain: string;
        veto: string;
        total: string;
      }[];
    };
    ProposalPage: {
      proposals: components["schemas"]["Proposal"][];
      next?: string;
    };
    ProposalRules: {
      kinds: {
        kind: string;
        discussionMilliseconds: number;
        votingMilliseconds: number;
        timeLockMilliseconds: number;
        houses: {
          electorate: string;
          quorum: number;
          approval: number;
        }[];
      }[];
    };
    Provider: {
      account: string;
      publicKey: string;
      endpoint: string;
      state: "bonded" | "paused" | "jailed" | "unbonding" | "withdrawn";
      until?: number;
      capabilities: string[];
      basePrice: string;
      pricePerMillionFuel: string;
      slots: number;
      bond: string;
      slashed: string;
      sinceHeight: number;
      score: number;
      completed: number;
      faults: number;
    };
    ProviderPage: {
      providers: components["schemas"]["Provider"][];
      next?: string;
    };
    Quote: {
      replicas: number;
      fuelMax: number;
      providers: number;
      costMin: string;
      costMax: string;
      transactionFee: string;
    };
    QuoteRequest: {
      fuelMax: number;
      replicas: number;
      argumentBytes?: number;
    };
    Received: {
      hash: string;
      acknowledged: "received";
    };
    Refusal: {
      module: string;
      code: number;
      name: string;
      detail: string;
    };
    ResolvedIdentity: {
      didDocument: { [name: string]: unknown };
      didDocumentMetadata: {
        deactivated?: boolean;
        versionId?: string;
      };
    };
    Resources: {
      milliCores: number;
      memoryBytes: number;
      egressBytesPerSecond: number;
      storage: {
        name: string;
        amount: number;
      }[];
      devices: {
        name: string;
        amount: number;
      }[];
    };
    RoleWindows: {
      windows: {
        asset: number;
        symbol: string;
        supply: string;
        target: string;
        reference: string;
        since: number;
        converted: string;
        demand: number;
        scarcity: number;
        rate: number;
      }[];
      least: string;
      yearlyLeft?: string;
    };
    Service: {
      signer: string;
      instance: number;
      account: string;
      status: "available" | "busy" | "paused" | "leaving";
      region: string;
      roles: string[];
      asset: number;
      offers: {
        capability: string;
        base: string;
        perMillionUnits: string;
      }[];
      slots: number;
      freeSlots: number;
      sequence: number;
      issued: number;
      expires: number;
      score?: number;
      registered: boolean;
      roundTripMicroseconds?: number;
      signed: string;
    };
    ServicePage: {
      services: components["schemas"]["Service"][];
      complete: boolean;
    };
    Session: {
      token: string;
      account: string;
      expires: number;
    };
    Settlement: {
      kind: "settled" | "undetermined" | "expired" | "cancelled";
      rung: number;
      cost: string;
      refund: string;
      height: number;
      time: number;
      paid: {
        provider: string;
        bill: string;
      }[];
      liars: string[];
      executions: components["schemas"]["Execution"][];
    };
    Stakes: {
      account: string;
      delegations: {
        operator: string;
        steady: string;
        compounding: string;
        compoundingShares: string;
        reward: string;
      }[];
      bonds: components["schemas"]["Bond"][];
      lockedForVotes: string;
      power: string;
      receivedPower: string;
      delegate?: string;
    };
    Status: {
      chain: string;
      name: string;
      version: string;
      role: string;
      publicKey: string;
      height: number;
      slot: number;
      stateRoot: string;
      headTime: number;
      lastBlockAgeMilliseconds: number;
      validators: components["schemas"]["Validator"][];
      stakeConnected: number;
      stakeTotal: number;
      quorum: number;
      hasQuorum: boolean;
      reason?: string;
      peers: components["schemas"]["Peer"][];
      pendingTransactions: number;
      blobBytes: number;
    };
    SwapQuote: {
      sold: number;
      amount: string;
      fee: string;
      bought: number;
      symbol: string;
      received: string;
      impact: number;
    };
    Task: {
      task: string;
      client: string;
      kind: string;
      phase: "bidding" | "choosing" | "awarded" | "withdrawn" | "expired";
      budgetMax: string;
      units: number;
      places: number;
      opened: number;
      bidsBy: number;
      awardBy: number;
      bids: ({
        bidder: string;
        revision: number;
        base: string;
        perMillionUnits: string;
        price?: string;
        finishesInMilliseconds: number;
        standing: "standing" | "countered" | "refused" | "withdrawn" | "awarded";
        signed: string;
      })[];
      awards: {
        place: number;
        bidder: string;
        base: string;
        perMillionUnits: string;
        refused: boolean;
        signed: string;
      }[];
    };
    Ticket: {
      ticket: string;
      expires: number;
    };
    Treasury: {
      number: number;
      name: string;
      owner: string;
      holdings: {
        asset: number;
        amount: string;
        limit?: string;
        periodMilliseconds?: number;
        spentInPeriod?: string;
      }[];
    };
    TreasuryPage: {
      treasuries: components["schemas"]["Treasury"][];
      next?: string;
    };
    Validator: {
      name: string;
      publicKey: string;
      stake: number;
      connected: boolean;
    };
    Verification: {
      verified: boolean;
      results: {
        name: string;
        checks: {
          check: string;
          holds: boolean;
          name?: string;
          detail?: string;
        }[];
      }[];
    };
    VerifyCredential: {
      verifiableCredential: { [name: string]: unknown } | string;
      options?: {
        policy?: { [name: string]: unknown };
        statusLists?: { [name: string]: unknown }[];
        accreditations?: { [name: string]: unknown }[];
        delegations?: { [name: string]: unknown }[];
        challenge?: string;
        domain?: string;
      };
    };
    VerifyPresentation: {
      verifiablePresentation: { [name: string]: unknown };
      options: {
        policy?: { [name: string]: unknown };
        statusLists?: { [name: string]: unknown }[];
        accreditations?: { [name: string]: unknown }[];
        delegations?: { [name: string]: unknown }[];
        challenge: string;
        domain: string;
      };
    };
  };
}
