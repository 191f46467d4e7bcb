#pragma once
// How a host becomes an agent: by a code once, afterwards by certificates that follow each other.

#include <optional>
#include <string>

#include "model/time.hpp"

namespace garita {

/// What the hub has certified. An agent may have several at a time: the next one is valid beside the one in
/// use until it is used itself.
struct AgentCertificate {
    std::string key;  ///< "sha256:…", the fingerprint of its public key; unique
    std::string device;
    std::string serial;  ///< hexadecimal
    std::string pem;     ///< given again when the answer was lost
    Time issued_at{};
    Time expires_at{};
    std::optional<Time> first_used_at;
    std::optional<Time> revoked_at;
    std::string revoked_because;

    [[nodiscard]] bool valid(Time now) const { return !revoked_at && now < expires_at; }
    friend bool operator==(const AgentCertificate&, const AgentCertificate&) = default;
};

/// Lets one host in under one name, once.
struct EnrolmentCode {
    std::string hash;  ///< of the code, which itself is never kept; unique
    std::string device;
    std::string author;  ///< Actor::text()
    Time created_at{};
    Time expires_at{};
    std::optional<Time> used_at;
    std::string used_by;  ///< the key that it was given for: AgentCertificate::key
    friend bool operator==(const EnrolmentCode&, const EnrolmentCode&) = default;
};

}  // namespace garita
