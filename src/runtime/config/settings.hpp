#pragma once
// The one table of settings. Validation, `garita check`, the JSON schema, docs/configuration.md and the
// annotated examples all come from it: a new setting is one new row here and one line where it is put into
// the typed values.

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/config/document.hpp"

namespace garita::runtime {

/// How a value is written, and what `Setting::range` means for it.
enum class ValueType : std::uint8_t {
    section,   ///< keys of its own; below "*" the keys are names that the administrator chooses, or with
               ///< range "host" hosts and networks, with range "port" ports
    text,      ///< anything, up to 1000 characters
    name,      ///< letters, digits, '.', '_' and '-', at most 64
    path,      ///< absolute; need not exist
    file,      ///< absolute; must exist
    glob,      ///< absolute path with * and ? and [] in it
    endpoint,  ///< host:port
    url,       ///< range: schemes, "http|https"
    integer,   ///< range: "1..100"
    span,      ///< range: "1s..7d", and "|never" where there may be no end
    percent,   ///< range: "0..100"; written with or without %
    choice,    ///< range: names, "ask|auto"
    network,   ///< address or CIDR
    zone,      ///< time zone of the tz database
    secret,    ///< range: least length
    regex,     ///< RE2; range: the group it must have
    language,  ///< "en", "pt_BR"
    yes_no,
    status,        ///< HTTP status: 404, 4xx, 500-599
    pin,           ///< sha256: and the hex digest of a certificate
    mail,          ///< one mail address
    key,           ///< fingerprint of a key that signs mail
    param,         ///< what a parameter of a rule may be: param_text.hpp
    ports,         ///< "22,80-90", or a list of such
    weekly,        ///< "sun 02:00-04:00"
    digest,        ///< SHA-256 in hexadecimal digits
    address,       ///< one IP address
    listen,        ///< "udp 0.0.0.0:514"
    date,          ///< "2026-12-25", "2026-12-24..2027-01-06", "12-25"
    host_key,      ///< "SHA256:…" of an SSH host
    switch_ports,  ///< "Gi1/0/24", "Te1/1/1-4"
};

enum class Need : std::uint8_t { required, optional };

/// Whether a change is taken up while the program runs, or by its next start.
enum class TakenUp : std::uint8_t { on_reload, on_start };

struct Setting {
    std::string_view path;  ///< "agents.*.code", "policies[].kind", "protected[]"
    ValueType type;
    std::string_view range;
    std::string_view fallback;  ///< the default as it would be written; empty: none
    Need need;
    TakenUp taken_up;
    /// For the annotated example, where there is no default or another value tells more; below "*": a name,
    /// and of single values ": VALUE".
    std::string_view sample;
    std::string_view help;
};

/// All rows of one kind of file, in the order of the manual.
[[nodiscard]] std::span<const Setting> settings(FileKind kind);

}  // namespace garita::runtime
