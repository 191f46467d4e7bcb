#pragma once
// MaxPatrol's JSON: the SIEM's answers are foreign bytes, read here and nowhere else. The interface is not
// published; what is read and sent is what known clients of 26.x and 27.x use.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incidents/incident_source.hpp"
#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::maxpatrol::wire {

struct Token {
    runtime::Secret access;
    runtime::Secret refresh;          ///< empty: none was given
    std::chrono::seconds lifetime{};  ///< zero: the server did not say
};

/// Up to seven decimals of a second, "Z", an offset or nothing (which means UTC); or whole seconds since
/// 1970.
[[nodiscard]] std::optional<Time> read_time(std::string_view text);

[[nodiscard]] Result<Token> read_token(std::string_view body);
/// Whether the answer to a login says that user, password, client or refresh token is wrong, so that asking
/// again with the same would only lock the account.
[[nodiscard]] bool says_wrong_login(int status, std::string_view body);

[[nodiscard]] Result<incidents::Page> read_page(std::string_view body);
[[nodiscard]] Result<incidents::Incident> read_incident(std::string_view body);
/// An array, or an object that has it under "events".
[[nodiscard]] Result<std::vector<incidents::IncidentEvent>> read_events(std::string_view body);
[[nodiscard]] Result<std::int64_t> read_count(std::string_view body);
[[nodiscard]] Result<std::vector<incidents::Transition>> read_history(std::string_view body);
/// What a refusal says, as one short line; empty: nothing that people could read.
[[nodiscard]] std::string read_refusal(std::string_view body);

/// Columns beyond those that all versions take.
enum class Columns { common, with_severity };
[[nodiscard]] std::string write_list(const incidents::Window& window, std::size_t offset, std::size_t limit,
                                     Columns columns);
[[nodiscard]] std::string write_transition(IncidentStatus to, std::string_view message);

}  // namespace garita::maxpatrol::wire
