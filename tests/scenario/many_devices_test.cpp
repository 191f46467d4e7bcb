// Devices that hang or refuse delay no other: each has a thread of its own.

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "enforce/class_reconciler.hpp"
#include "fakes/emulated_device.hpp"
#include "fakes/memory_class_book.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/worker/runner.hpp"
#include "support/packed.hpp"

namespace garita::tests {
namespace {

using namespace std::chrono_literals;
using fakes::EmulatedDevice;
using Clock = EmulatedDevice::Clock;
using Manner = EmulatedDevice::Manner;
using testing_support::mark_of;
using testing_support::numbered_key;

struct Device {
    explicit Device(Manner manner) : world(manner, 500us, 1h) {}

    EmulatedDevice world;
    fakes::MemoryClassBook book;
    enforce::ClassReconciler reconciler{
        {book, runtime::system_now, {}}, "d", std::vector{enforce::KeptClass{"ip_mark", &world}}};
    runtime::WorkerThread* thread = nullptr;
};

TEST(ManyDevices, HealthyOnesGetTheirChangesWhileOthersHangForAnHour) {
    std::vector<std::unique_ptr<Device>> devices;
    for (std::size_t i = 0; i < 30; ++i)
        devices.push_back(std::make_unique<Device>(i % 10 == 0   ? Manner::hanging
                                                   : i % 10 == 1 ? Manner::refusing
                                                                 : Manner::healthy));
    runtime::WorkerGroup workers(runtime::system_now, [](auto, auto&, auto) {});
    for (auto& device : devices)
        device->thread = &workers.start(device->reconciler);
    const auto start = Clock::now();
    for (std::uint32_t round = 0; round < 20; ++round)
        for (auto& device : devices) {
            device->book.want("ip_mark", numbered_key(round), mark_of(round));
            device->thread->wake();
        }
    const auto all_done = [&](Device& device, std::size_t number) {
        for (std::uint32_t round = 0; round < 20; ++round)
            if (number % 10 > 1 && !device.world.carried_out(numbered_key(round))) return false;
        return true;
    };
    for (std::size_t i = 0; i < devices.size(); ++i)
        while (!all_done(*devices[i], i)) {
            ASSERT_LT(Clock::now() - start, 30s) << "device " << i << " waits for another";
            std::this_thread::sleep_for(1ms);
        }
    EXPECT_EQ(devices[1]->reconciler.status().at(0).entries, 0U);
    EXPECT_EQ(devices[0]->reconciler.status().at(0).tried, enforce::ClassStatus::Tried::no);
    for (auto& device : devices)
        device->world.let_go();
    workers.stop();
}

}  // namespace
}  // namespace garita::tests
