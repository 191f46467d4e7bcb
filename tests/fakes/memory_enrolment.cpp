// Certificates of agents and enrolment codes of the memory store.

#include <algorithm>

#include "fakes/memory_transaction.hpp"

namespace garita::fakes {

std::optional<AgentCertificate> MemoryTransaction::find_certificate(std::string_view key) {
    const auto at = state_.certificates.find(key);
    return at == state_.certificates.end() ? std::nullopt : std::optional(at->second);
}

std::vector<AgentCertificate> MemoryTransaction::certificates_of(std::string_view device) {
    std::vector<AgentCertificate> all;
    for (const auto& [key, one] : state_.certificates)
        if (one.device == device) all.push_back(one);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.issued_at > b.issued_at; });
    return all;
}

std::vector<EnrolmentCode> MemoryTransaction::enrolment_codes() {
    std::vector<EnrolmentCode> all;
    for (const auto& [hash, one] : state_.codes)
        all.push_back(one);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.expires_at < b.expires_at; });
    return all;
}

void MemoryTransaction::put_certificate(const AgentCertificate& certificate) {
    state_.certificates[certificate.key] = certificate;
}

void MemoryTransaction::put_enrolment_code(const EnrolmentCode& code) {
    state_.codes[code.hash] = code;
}

void MemoryTransaction::remove_enrolment_codes(std::string_view device, Time expired_before) {
    std::erase_if(state_.codes, [&](const auto& entry) {
        const auto& one = entry.second;
        return (one.device == device && !one.used_at) || one.expires_at < expired_before;
    });
}

void MemoryTransaction::set_revoked(std::string_view device, std::optional<Time> since) {
    if (const auto at = state_.devices.find(device); at != state_.devices.end())
        at->second.revoked_at = since;
}

}  // namespace garita::fakes
