#pragma once
// What an agent is towards its hub, in one file of its state folder (mode 0600), so that every change is
// whole or not there at all.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::hub_link {

struct LinkCertificate {
    std::string certificate;  ///< PEM
    runtime::Secret key;      ///< PEM; made here, never sent
    Time issued_at{};         ///< by the hub's clock, like the other
    Time expires_at{};
};

struct Identity {
    std::string agent;      ///< the name
    std::string hub_pin;    ///< "sha256:…"; empty: the system's authorities vouch for the hub
    std::string order_key;  ///< VerifyingKey of the hub
    std::string authority;  ///< PEM
    LinkCertificate current;
    std::optional<LinkCertificate> previous;  ///< until the hub has taken the current one
};

/// A key made for a certificate that has not come yet. It is kept before it is asked for: when the answer is
/// lost, the hub gives the same certificate for the same key again.
struct PendingKey {
    std::string what_for;  ///< the enrolment code's hash, or "renewal"
    runtime::Secret key;
};

struct IdentityFile {
    std::optional<Identity> identity;
    std::optional<PendingKey> pending;
};

[[nodiscard]] std::string encode(const IdentityFile& file);
[[nodiscard]] Result<IdentityFile> decode_identity_file(std::string_view json);

[[nodiscard]] std::filesystem::path identity_path(const std::filesystem::path& state);
/// Nothing in it where there is no file.
[[nodiscard]] Result<IdentityFile> load_identity(const std::filesystem::path& path);
[[nodiscard]] Result<void> save_identity(const std::filesystem::path& path, const IdentityFile& file);

}  // namespace garita::hub_link
