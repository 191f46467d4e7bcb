#pragma once
// Agents as eyes of the hub's watch of open ports.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "scan/looks.hpp"
#include "scan/vantage_engine.hpp"

namespace garita::programs {

/// The agent of this name as a place to look from; the error says why not now.
using FindVantage = std::function<Result<std::unique_ptr<scan::Vantage>>(const std::string& agent)>;

class AgentEyes final : public scan::FarEyes {
  public:
    AgentEyes(FindVantage find, std::stop_token stop) : find_(std::move(find)), stop_(std::move(stop)) {}
    Result<const scan::Eyes*> of(const std::string& agent) override;

  private:
    struct Place {
        Place(std::unique_ptr<scan::Vantage> there, std::stop_token stop);
        std::unique_ptr<scan::Vantage> vantage;
        scan::VantageEngine tcp;
        scan::VantageEngine udp;
        scan::VantageNames names;
        scan::VantageServices services;
        scan::Eyes eyes;
    };
    const FindVantage find_;
    const std::stop_token stop_;
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<Place>> places_;
};

}  // namespace garita::programs
