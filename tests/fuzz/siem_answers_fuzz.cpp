// Whatever a SIEM, or something in its place, answers. Invariants: nothing throws, what is read is bounded,
// ids are fit for a path, and what is refused says why.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/maxpatrol/wire.hpp"

namespace {

namespace wire = garita::maxpatrol::wire;

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const garita::incidents::Incident& incident) {
    constexpr std::size_t most = 1100;
    require(!incident.id.empty() && incident.id.size() <= 128);
    require(incident.id.find_first_of("/?#%. \r\n") == std::string::npos);
    require(!incident.status.empty() && incident.status.size() <= most);
    require(incident.key.size() <= most && incident.name.size() <= most && incident.type.size() <= most);
    (void)garita::incidents::facts_of(incident, std::nullopt, "https://siem/" + incident.id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    if (const auto page = wire::read_page(body)) {
        require(page->incidents.size() <= page->read);
        for (const auto& incident : page->incidents)
            check(incident);
    } else {
        require(!page.error().text.empty());
    }
    if (const auto incident = wire::read_incident(body)) check(*incident);
    if (const auto token = wire::read_token(body))
        require(token->lifetime.count() >= 0 && !token->access.empty());
    if (const auto count = wire::read_count(body)) require(*count >= 0);
    (void)wire::read_events(body);
    (void)wire::read_history(body);
    (void)wire::read_time(body);
    require(wire::read_refusal(body).size() <= 210);
    (void)wire::says_wrong_login(400, body);
    return 0;
}
