#include "runtime/config/alertmanager_config.hpp"

#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

AlertmanagerConfig build_alertmanager(const Section& section, SecretFetcher& secrets) {
    AlertmanagerConfig config;
    config.url = parse_url(section.text("url")).value_or(Url{}).text;
    if (section.given("token")) config.token = secrets.fetch(section, "token");
    config.user = section.text("user");
    if (section.given("password")) config.password = secrets.fetch(section, "password");
    config.ca = section.text("ca");
    config.pin = parse_pin(section.text("pin")).value_or("");
    config.mute_for = section.span("mute_for");
    config.timeout = section.span("timeout");
    return config;
}

}  // namespace garita::runtime
