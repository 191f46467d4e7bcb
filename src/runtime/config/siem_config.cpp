#include "runtime/config/siem_config.hpp"

#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

constexpr std::string_view usual_login_port = "3334";

std::string without_slash(std::string url) {
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

/// The same host, where MaxPatrol gives tokens.
std::string login_of(const std::string& url) {
    const auto host = url.find("://") + 3;
    const auto bracket = url.find(']', host);
    const auto port = url.find(':', bracket == url.npos ? host : bracket);
    return url.substr(0, std::min(port, url.find('/', host))) + ':' + std::string(usual_login_port);
}

MaxPatrolConfig build_maxpatrol(const std::string& name, const Section& section, SecretFetcher& secrets) {
    MaxPatrolConfig siem;
    siem.name = name;
    siem.url = without_slash(section.text("url"));
    siem.login_url =
        section.given("login_url") ? without_slash(section.text("login_url")) : login_of(siem.url);
    siem.link_url = section.given("link_url") ? without_slash(section.text("link_url")) : siem.url;
    siem.user = section.text("user");
    siem.password = secrets.fetch(section, "password");
    siem.refresh_token = secrets.fetch(section, "refresh_token");
    siem.access_token = secrets.fetch(section, "access_token");
    siem.client_id = section.text("client_id");
    siem.client_secret = secrets.fetch(section, "client_secret");
    siem.scope = section.text("scope");
    siem.response_type = section.text("response_type");
    if (section.yes("directory")) siem.amr = "ldap";
    siem.ca = section.text("ca");
    siem.pin = parse_pin(section.text("pin")).value_or("");
    siem.proxy = section.text("proxy");
    siem.timeout = section.span("timeout");
    siem.interval = section.span("interval");
    siem.first_look = section.span("first_look");
    siem.begin = parse_utc(section.text("begin"));
    siem.look_back = section.span("look_back");
    siem.max_events = section.integer("max_events");
    return siem;
}

}  // namespace

std::vector<MaxPatrolConfig> build_siems(const Section& sources, SecretFetcher& secrets) {
    std::vector<MaxPatrolConfig> siems;
    sources.each_named("maxpatrol", [&](const std::string& name, const Section& section) {
        siems.push_back(build_maxpatrol(name, section, secrets));
    });
    return siems;
}

}  // namespace garita::runtime
