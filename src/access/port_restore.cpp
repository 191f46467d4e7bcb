#include "access/port_restore.hpp"

#include <algorithm>

namespace garita::access {
namespace {

using How = SecuredMac::How;
using Link = PortFacts::Link;
using What = Change::What;

bool is_same(const SecuredMac& one, const SecuredMac& other) {
    return one.mac == other.mac && one.how == other.how && one.in == other.in;
}

bool has(const std::vector<SecuredMac>& all, const SecuredMac& wanted) {
    return std::any_of(all.begin(), all.end(), [&](const SecuredMac& one) { return is_same(one, wanted); });
}

SecuredMac entry_of(const Change& change) {
    return {change.mac, change.port, 0, change.how, change.in};
}

bool stands(const Change& change, const PortFacts& facts) {
    if (change.what == What::secure) return has(facts.secured, entry_of(change));
    if (change.what == What::release) return !has(facts.secured, entry_of(change));
    return true;
}

std::size_t releases_at(const PortJournal& journal, const PortName& port) {
    const auto count = std::count_if(journal.changes.begin(), journal.changes.end(), [&](const Change& one) {
        return one.what == What::release && one.port == port;
    });
    return static_cast<std::size_t>(count);
}

/// Lines of the configuration that are gone.
std::size_t gone_from(const PortBefore& before, const PortFacts& facts) {
    auto now = facts.configuration;
    std::size_t gone = 0;
    for (const auto& line : before.configuration) {
        const auto found = std::find(now.begin(), now.end(), line);
        if (found == now.end())
            ++gone;
        else
            now.erase(found);
    }
    return gone;
}

bool is_ours(const PortJournal& journal, const SecuredMac& entry) {
    return std::any_of(journal.changes.begin(), journal.changes.end(), [&](const Change& one) {
        return one.what == What::secure && one.port == entry.port && one.mac == entry.mac;
    });
}

/// Whoever took the place meanwhile has to go.
Result<void> make_room(SwitchSession& session, const PortBefore& before) {
    const auto now = session.facts(before.port);
    if (!now) return tl::unexpected(now.error());
    for (const auto& one : now->secured)
        if (!has(before.secured, one))
            if (const auto done = session.apply(taking_out(one)); !done) return done;
    return {};
}

Result<void> put_back(SwitchSession& session, const PortBefore& before, const SecuredMac& entry) {
    const auto change = change_of(What::secure, entry);
    const auto done = apply_secure(session, change);
    if (done || done.error().code != ErrorCode::conflict) return done;
    if (const auto room = make_room(session, before); !room) return room;
    return apply_secure(session, change);
}

Result<void> restore_port(SwitchSession& session, const PortJournal& journal, const PortBefore& before) {
    const auto now = session.facts(before.port);
    if (!now) return tl::unexpected(now.error());
    for (const auto& one : now->secured)
        if (one.how != How::learnt && is_ours(journal, one) && !has(before.secured, one))
            if (const auto done = session.apply(taking_out(one)); !done) return done;
    for (const auto& one : before.secured)
        if (!has(now->secured, one))
            if (const auto done = put_back(session, before, one); !done) return done;
    if (now->link != Link::shut_down || before.link == Link::shut_down) return {};
    return session.apply({What::recover, before.port, MacAddress{}, How::sticky, SecuredMac::In::any});
}

Result<void> prove_restored(SwitchSession& session, const PortJournal& journal, const PortBefore& before) {
    const auto now = session.facts(before.port);
    if (!now) return tl::unexpected(now.error());
    const bool back = std::all_of(before.secured.begin(), before.secured.end(),
                                  [&](const SecuredMac& one) { return has(now->secured, one); });
    const bool out = std::none_of(now->secured.begin(), now->secured.end(), [&](const SecuredMac& one) {
        return one.how != How::learnt && is_ours(journal, one) && !has(before.secured, one);
    });
    const bool shut = now->link == Link::shut_down && before.link != Link::shut_down;
    if (back && out && !shut && gone_from(before, *now) == 0) return {};
    return fail(ErrorCode::conflict, before.port.text() + " is not as it was before");
}

}  // namespace

Result<bool> all_changes_stand(SwitchSession& session, const PortJournal& journal) {
    for (const auto& before : journal.before) {
        const auto now = session.facts(before.port);
        if (!now) return tl::unexpected(now.error());
        for (const auto& change : journal.changes)
            if (change.port == before.port && !stands(change, *now)) return false;
        if (gone_from(before, *now) > releases_at(journal, before.port)) return false;
    }
    return true;
}

Result<void> restore_ports(SwitchSession& session, const PortJournal& journal) {
    for (auto one = journal.before.begin(); one != journal.before.end(); ++one)
        if (const auto done = restore_port(session, journal, *one); !done) return done;
    for (const auto& one : journal.before)
        if (const auto proven = prove_restored(session, journal, one); !proven) return proven;
    return {};
}

Result<void> bring_up(SwitchSession& session, const PortJournal& journal) {
    for (const auto& change : journal.changes) {
        if (change.what != What::recover) continue;
        if (const auto done = session.apply(change); !done) return done;
        if (const auto proven = session.verify(change); !proven) return proven;
    }
    return {};
}

Result<void> apply_secure(SwitchSession& session, const Change& change) {
    const auto done = session.apply(change);
    if (done || done.error().code != ErrorCode::conflict) return done;
    const auto now = session.facts(change.port);
    if (!now) return tl::unexpected(now.error());
    if (stands(change, *now)) return {};
    const bool learnt = std::any_of(now->secured.begin(), now->secured.end(), [&](const SecuredMac& one) {
        return one.mac == change.mac && one.how == How::learnt;
    });
    if (!learnt) return done;
    auto forget = change;
    forget.what = What::forget_learnt;
    if (const auto forgotten = session.apply(forget); !forgotten) return forgotten;
    return session.apply(change);
}

}  // namespace garita::access
