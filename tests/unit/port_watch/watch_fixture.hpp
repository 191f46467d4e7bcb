#pragma once
// A watch on a network in memory, with desk, store and a clock that the test moves.

#include "fakes/memory_port_book.hpp"
#include "fakes/port_world.hpp"
#include "scan/watch.hpp"
#include "support/office.hpp"

namespace garita::tests {

inline PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

/// Writes nothing, or says why not.
class PaperEditor final : public scan::SpecificationEditor {
  public:
    Result<std::string> write(const scan::Subject& subject, const SpecificationChange& change) override {
        if (refusal) return tl::unexpected(*refusal);
        last = change;
        if (change.must)
            written[subject.network.empty() ? subject.host : subject.network] = change.must->text();
        return "/etc/garita/ports.d/web.yml:" + std::to_string(subject.wanted->place.line);
    }
    std::map<std::string, std::string> written;
    SpecificationChange last;
    std::optional<Error> refusal;
};

class PortWatchTest : public DeskTest {
  protected:
    PortWatchTest() {
        options.interval = 1h;
        options.confirm_after = 30s;
        options.unknown_after = 3;
        text.scanports = ports("1-1024");
    }
    WrittenPorts& host(const std::string& name, const std::string& must) {
        WrittenPorts one;
        one.must = ports(must);
        one.place = {"ports.yml", 10 + text.hosts.size()};
        text.hosts.emplace_back(name, one);
        return text.hosts.back().second;
    }
    /// A watch anew, as after a restart.
    void start() { start_with({tcp, with_udp ? &udp : nullptr, names, &services}); }
    /// `aside`: for hosts with ports of UDP.
    void start_with(const scan::Eyes& eyes, const std::optional<scan::Eyes>& aside = {}) {
        auto specification = scan::Specification::make(text);
        ASSERT_TRUE(specification) << specification.error().text;
        watch.emplace(scan::WatchGround{store, book, eyes, editor, [](const auto&) {}, [] {}, aside},
                      std::move(*specification), options);
    }
    /// Steps until all that is due now has been done; then files.
    void settle() {
        for (int i = 0; i < 50; ++i) {
            const auto wait = watch->step(office.now);
            ASSERT_TRUE(wait) << wait.error().text;
            office.file();
            if (*wait > 100ms) return;
        }
        FAIL() << "the watch never comes to rest";
    }
    void pass(Duration span) {
        office.now += span;
        settle();
    }
    /// First look and second.
    void look_twice() {
        settle();
        pass(31s);
    }
    /// Until every host has been looked at anew.
    void next_round() {
        pass(67min);
        pass(31s);
    }
    std::vector<Case> of_kind(std::string_view kind) {
        auto all = office.cases();
        std::erase_if(all, [&](const Case& about) { return about.kind != kind; });
        return all;
    }
    scan::HostStatus status(std::string_view name) {
        const auto all = watch->status();
        for (const auto& one : all.value())
            if (one.host == name) return one;
        ADD_FAILURE() << "no status of " << name;
        return {};
    }
    std::vector<std::string> history(std::string_view name) {
        std::vector<std::string> lines;
        const auto events = watch->history(name, 100);
        for (const auto& event : events.value())
            lines.insert(lines.begin(), event.what);
        return lines;
    }
    Result<decide::AnswerOutcome> answer_for(const Case& about, Response response,
                                             std::optional<Duration> lasts) {
        decide::AnswerRequest request;
        request.case_id = about.id;
        request.response = response;
        request.by = person("ana");
        request.lasts = lasts;
        return office.desk.answer(request, office.now);
    }

    fakes::PortWorld world;
    fakes::WorldEngine tcp{world};
    fakes::WorldEngine udp{world};
    fakes::WorldNames names{world};
    fakes::WorldServices services{world};
    fakes::MemoryPortBook book;
    PaperEditor paper;
    scan::SpecificationEditor* editor = nullptr;
    bool with_udp = true;
    WrittenSpecification text;
    scan::WatchOptions options;
    std::optional<scan::PortWatch> watch;
};

}  // namespace garita::tests
