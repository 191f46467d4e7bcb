// What holds for every backend of a class holds through the link, too; and what is not of the class does not
// get through, whoever sends it.

#include <thread>

#include <gmock/gmock.h>

#include "adapters/enforcer_link/class_link.hpp"
#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "fakes/memory_class_backend.hpp"
#include "model/ready_classes.hpp"
#include "support/packed.hpp"

namespace garita::contract {
namespace {

using enforcer_link::Channel;

class Linked {
  public:
    explicit Linked(enforcer_link::ServedClass served) : Linked(std::move(served), Channel::pair().value()) {}
    ~Linked() {
        caller.close();
        thread_.join();
    }
    Linked(const Linked&) = delete;
    Linked& operator=(const Linked&) = delete;

  private:
    Linked(enforcer_link::ServedClass served, std::pair<Channel, Channel> ends)
        : caller(std::move(ends.first), [] {}),
          theirs_(std::move(ends.second)),
          served_{std::move(served)},
          thread_([this] {
              (void)enforcer_link::serve(theirs_, served_);
              theirs_.close();
          }) {}

  public:
    enforcer_link::Caller caller;

  private:
    Channel theirs_;
    std::vector<enforcer_link::ServedClass> served_;
    std::thread thread_;
};

class LinkedClassDevice final : public ClassDevice {
  public:
    LinkedClassDevice() { memory_.refused.insert(key(66'666)); }
    enforce::ClassBackend& backend() override { return client_; }
    RuleKey key(unsigned number) override { return testing_support::numbered_key(number); }
    RuleValue value(unsigned number) override { return testing_support::mark_of(number); }
    [[nodiscard]] unsigned values() const override { return 5; }
    std::optional<RuleKey> refused_key() override { return key(66'666); }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        memory_.tamper(key, value);
        return true;
    }
    bool foreign_erase(const RuleKey& key) override {
        memory_.tamper(key, std::nullopt);
        return true;
    }
    bool foreign_drop_structure() override {
        memory_.tamper_drop_structure();
        return true;
    }

  private:
    RuleClass rules_ = *ready_class("ip_mark");
    fakes::MemoryClassBackend memory_;
    Linked link_{{&rules_, &memory_, {}}};
    enforcer_link::ClassClient client_{link_.caller, 0, 1000};
};

INSTANTIATE_TEST_SUITE_P(Linked, ClassBackendContract,
                         ::testing::Values(ClassBackendKind{
                             "linked", [] { return std::make_unique<LinkedClassDevice>(); }}),
                         class_backend_name);

class ClassSeam : public ::testing::Test {
  protected:
    RuleClass rules_ = *ready_class("inet_access");
    fakes::MemoryClassBackend memory_;
    Linked link_{{&rules_, &memory_, {}}};
    enforcer_link::ClassClient client_{link_.caller, 0, 1000};
    RuleKey fine_ = rules_.read_params("192.0.2.1").value();
    RuleValue open_ = rules_.read_value("open").value();
};

TEST_F(ClassSeam, RefusesWhatIsNotOfTheClassAndDoesTheRest) {
    const auto other = ready_class("mac_ip")->read_value("02:00:00:00:00:01").value();
    RuleKey odd;
    const std::array<std::uint8_t, 3> bytes{4, 1, 2};
    ASSERT_TRUE(odd.append(bytes));
    const std::vector<enforce::ClassChange> changes{{odd, std::nullopt, open_},
                                                    {fine_, std::nullopt, open_},
                                                    {rules_.read_params("192.0.2.2").value(), {}, other}};
    ASSERT_TRUE(client_.prepare());
    const auto failed = client_.apply(changes);
    ASSERT_TRUE(failed) << failed.error().text;
    ASSERT_EQ(failed->size(), 2U);
    EXPECT_EQ((*failed)[0].change, 0U);
    EXPECT_EQ((*failed)[1].change, 2U);
    EXPECT_THAT((*failed)[1].error.text, ::testing::HasSubstr("its own configuration"));
    EXPECT_EQ(memory_.entries(), (fakes::MemoryClassBackend::Entries{{fine_, open_}}));
}

TEST_F(ClassSeam, RefusesWhatIsNotOfTheClassInARebuildToo) {
    memory_.refused.insert(rules_.read_params("192.0.2.3").value());
    RuleKey odd;
    const std::array<std::uint8_t, 1> bytes{4};
    ASSERT_TRUE(odd.append(bytes));
    const auto all = [&](const enforce::EntrySink& sink) {
        sink(odd, open_);
        sink(fine_, open_);
        sink(rules_.read_params("192.0.2.3").value(), open_);
        sink(odd, open_);
    };
    const auto failed = client_.rebuild(all, 4);
    ASSERT_TRUE(failed) << failed.error().text;
    std::vector<std::size_t> places;
    for (const auto& one : *failed)
        places.push_back(one.change);
    EXPECT_EQ(places, (std::vector<std::size_t>{0, 2, 3}));
    EXPECT_EQ(memory_.entries(), (fakes::MemoryClassBackend::Entries{{fine_, open_}}));
}

TEST_F(ClassSeam, IsReadInThePartsThatItHas) {
    memory_.part_count = 4;
    ASSERT_TRUE(client_.prepare());
    EXPECT_EQ(client_.parts(), 4U);
    fakes::MemoryClassBackend::Entries all;
    for (unsigned i = 0; i < 100; ++i)
        memory_.tamper(testing_support::numbered_key(i), open_);
    for (std::size_t part = 0; part < 4; ++part) {
        std::size_t of_part = 0;
        ASSERT_TRUE(client_.read_part(part, [&](const RuleKey& key, const RuleValue& value) {
            EXPECT_EQ(memory_.part_of(key), part);
            all[key] = value;
            ++of_part;
        }));
        EXPECT_LT(of_part, 100U);
    }
    EXPECT_EQ(all, memory_.entries());
    memory_.part_count = 9;
    EXPECT_EQ(client_.parts(), 9U) << "it has grown";
    EXPECT_FALSE(client_.read_part(9, [](const RuleKey&, const RuleValue&) {}));
    link_.caller.close();
    EXPECT_EQ(client_.parts(), 9U) << "as it was last";
}

TEST_F(ClassSeam, KnowsNoOtherClass) {
    enforcer_link::ClassClient other(link_.caller, 1, 1);
    const auto refused = other.prepare();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
}

TEST_F(ClassSeam, AFailureOfTheWholeComesBackAsItIs) {
    memory_.away = Error{ErrorCode::unavailable, "the kernel does not answer", Retry::later};
    const auto failed = client_.check(0);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().text, "the kernel does not answer");
    EXPECT_EQ(failed.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace garita::contract
