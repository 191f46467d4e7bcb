#include "runtime/config/crowdsec_config.hpp"

#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

CrowdsecConfig build_crowdsec(const Section& section, SecretFetcher& secrets) {
    CrowdsecConfig config;
    config.url = parse_url(section.text("url")).value_or(Url{}).text;
    config.machine = section.text("machine");
    config.password = secrets.fetch(section, "password");
    config.ca = section.text("ca");
    config.pin = parse_pin(section.text("pin")).value_or("");
    config.interval = section.span("interval");
    config.timeout = section.span("timeout");
    config.bans = section.yes("bans");
    return config;
}

}  // namespace garita::runtime
