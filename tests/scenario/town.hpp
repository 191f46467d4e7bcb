#pragma once
// The whole of it: a hub's desk, agents with their devices, and the line between them, on one clock.

#include <memory>

#include "support/office.hpp"
#include "support/post.hpp"

namespace garita::tests {

struct Town {
    explicit Town(store::Store& store, int agents = 1) : office(store) {
        for (int i = 1; i <= agents; ++i)
            join();
    }
    /// One more agent.
    Post& join() {
        const auto number = std::to_string(posts.size() + 1);
        posts.push_back(std::make_unique<Post>("web" + number));
        office.enrol(posts.back()->name, {network("198.51.100." + number)});
        return *posts.back();
    }

    Office office;
    std::vector<std::unique_ptr<Post>> posts;

    /// One call of the agent at the hub, in both directions, and what it does about it.
    void exchange(Post& post) {
        fetch(post);
        post.reconcile(office.now);
        post.act(office.now);
        bring_back(post);
    }
    void exchange() {
        for (auto& post : posts)
            exchange(*post);
    }
    void fetch(Post& post) {
        const auto known = post.store.rules_seq();
        ASSERT_TRUE(known);
        const auto changes =
            office.look([&](store::View& v) { return v.rule_changes(post.name, *known, 5000); });
        if (!changes.empty()) post.deliver(changes, changes.back().seq);
        std::vector<enforce::DueAction> due;
        for (const auto& action :
             office.look([&](store::View& v) { return v.pending_actions(post.name, office.now); }))
            due.push_back({action.id, action.order, office.now + (action.expires_at - office.now)});
        post.actions.offer(std::move(due));
    }
    void bring_back(Post& post) {
        const auto& last = post.report.last;
        const auto cut = static_cast<std::int64_t>(std::exchange(post.report.cut, 0));
        ASSERT_TRUE(
            office.settlement.rules_in_force(post.name, {last.up_to_seq, last.failed, cut}, office.now));
        const auto reports = post.store.unreported_actions();
        ASSERT_TRUE(reports);
        std::vector<decide::ActionReceipt> receipts;
        std::vector<ActionId> ids;
        for (const auto& report : *reports) {
            receipts.push_back({report.id, report.state, report.result});
            ids.push_back(report.id);
        }
        ASSERT_TRUE(office.settlement.actions_finished(post.name, receipts, office.now));
        ASSERT_TRUE(post.store.acknowledge_actions(ids));
    }
    void run_hub() {
        office.file();
        office.run(office.silence);
        office.run(office.expiry);
        office.run(office.settlement);
    }
};

}  // namespace garita::tests
