#include "runtime/config/mail_config.hpp"

#include <algorithm>
#include <array>

#include "model/ip.hpp"
#include "model/mail_identity.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

MailRecipientConfig build_recipient(const Section& section) {
    return {parse_mail_address(section.text("address")).value_or(""),
            section.text("language"),
            section.text("time_zone"),
            parse_severity(section.text("severity")),
            section.texts("kinds"),
            section.texts("devices"),
            build_quiet_hours(section)};
}

}  // namespace

bool is_mail_server(std::string_view text) {
    if (IpAddress::parse(text)) return true;
    if (text.empty() || text.size() > 253) return false;
    const auto labels = split_names(text, '.');
    return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '_';
               });
    });
}

std::optional<std::string> parse_links_url(std::string_view text) {
    while (!text.empty() && text.back() == '/')
        text.remove_suffix(1);
    constexpr std::string_view secure = "https://";
    constexpr std::array here = {std::string_view("http://127.0.0.1"), std::string_view("http://[::1]"),
                                 std::string_view("http://localhost")};
    const bool is_here = std::any_of(here.begin(), here.end(), [&](std::string_view begin) {
        return text.starts_with(begin) && (text.size() == begin.size() || text[begin.size()] == ':');
    });
    if (!is_here && (!text.starts_with(secure) || text.size() == secure.size())) return std::nullopt;
    const bool is_clean = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < '\x7f' &&
               std::string_view("\"'<>\\^`{|}?#@%").find(c) == std::string_view::npos;
    });
    if (!is_clean || text.size() > 200) return std::nullopt;
    return std::string(text);
}

MailConfig build_mail(const Section& section, SecretFetcher& secrets) {
    using Security = MailConfig::Security;
    MailConfig mail;
    const std::string security = section.text("security");
    mail.security = security == "tls"    ? Security::tls
                    : security == "none" ? Security::none
                                         : Security::starttls;
    mail.server = section.text("server");
    mail.port =
        static_cast<std::uint16_t>(section.integer_if_given("port").value_or(usual_mail_port(mail.security)));
    mail.user = section.text("user");
    mail.password = secrets.fetch(section, "password");
    mail.ca = section.text("ca");
    mail.pin = parse_pin(section.text("pin")).value_or("");
    mail.from = parse_mail_address(section.text("from")).value_or("");
    mail.timeout = section.span("timeout");
    mail.limit = section.integer("limit");
    mail.per = section.span("per");
    if (section.given("links")) {
        const Section links = section.section("links");
        mail.links = {parse_links_url(links.text("url")).value_or(""), links.span("valid")};
    }
    for (const Section& recipient : section.list("to"))
        mail.to.push_back(build_recipient(recipient));
    return mail;
}

}  // namespace garita::runtime
