#pragma once
// What shall answer at an open port, as an administrator wrote it, and what was found instead, as it is kept.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/port_set.hpp"

namespace garita {

/// '*' stands for any number of bytes, '?' for one, all else for itself. Linear in time and without
/// recursion.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

struct ExpectedCertificate {
    std::vector<std::string> names;  ///< globs, lower case: each has to match a name of the certificate
    std::string issuer;              ///< glob over "CN=R11,O=Let's Encrypt,C=US"; empty: any
    std::string sha256;   ///< 64 hexadecimal digits: this one; the two above do not count then; empty: any
    int valid_days = 14;  ///< it has to hold so long from now on
    std::string may_end;  ///< sha256 of the one whose end people have accepted
    friend bool operator==(const ExpectedCertificate&, const ExpectedCertificate&) = default;
};

/// Either of the two.
struct ExpectedService {
    std::string banner;  ///< glob over the first line, cleaned; empty: a certificate is expected
    std::optional<ExpectedCertificate> certificate;

    /// For people: "banner SSH-2.0-OpenSSH*", "certificate for www.example.org, valid 14 days".
    [[nodiscard]] std::string words() const;
    friend bool operator==(const ExpectedService&, const ExpectedService&) = default;
};
using ExpectedServices = std::map<Port, ExpectedService>;

/// By port, one text each, cleaned. Of a difference: what was found ("banner: SSH-2.0-dropbear*",
/// "plain: HTTP/1.1 400*" where TLS was expected, "certificate: 64 digits", "ends: 64 digits",
/// "over: 64 digits"; a '*' at the end: and what changes each time). Of what was seen: facts for people.
using ServiceTexts = std::map<Port, std::string>;

inline constexpr std::string_view found_banner = "banner: ";
inline constexpr std::string_view found_plain = "plain: ";
inline constexpr std::string_view found_certificate = "certificate: ";
inline constexpr std::string_view found_ending = "ends: ";
inline constexpr std::string_view found_ended = "over: ";

/// For stores, and back: "443=certificate: …,22=…". Nothing: it is not of this form.
[[nodiscard]] std::string to_text(const ServiceTexts& texts);
[[nodiscard]] std::optional<ServiceTexts> parse_service_texts(std::string_view text);
[[nodiscard]] PortSet ports_of(const ServiceTexts& texts);

/// What was found is what is kept as found.
[[nodiscard]] bool is_same_service(const std::string& kept, const std::string& found);
/// Of two findings of the same: what they have in common, where it changes each time.
[[nodiscard]] std::string common_finding(const std::string& one, const std::string& other);

/// What is expected once people have accepted what was found.
[[nodiscard]] ExpectedService accepted_service(ExpectedService expected, std::string_view found);

}  // namespace garita
