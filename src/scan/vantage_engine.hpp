#pragma once
// Scanning, names and services as a place elsewhere sees them, behind the interfaces of those who look from
// here.

#include "scan/vantage.hpp"

namespace garita::scan {

/// In parts that one order may have. Where the place is lost in the middle, the report says what is known by
/// then, with a warning that says what happened.
class VantageEngine final : public Engine {
  public:
    explicit VantageEngine(Vantage& vantage) : vantage_(vantage) {}
    Result<Report> scan(const Job& job, const Listeners& listeners, std::stop_token stop) override;

  private:
    Vantage& vantage_;
};

/// As the place's own resolver tells.
class VantageNames final : public NameResolver {
  public:
    explicit VantageNames(Vantage& vantage, std::stop_token stop = {})
        : vantage_(vantage), stop_(std::move(stop)) {}
    std::vector<Answer> resolve(const std::vector<std::string>& names) override;

  private:
    Vantage& vantage_;
    std::stop_token stop_;
};

class VantageServices final : public ServiceProbe {
  public:
    explicit VantageServices(Vantage& vantage) : vantage_(vantage) {}
    std::vector<ServiceFacts> ask(const std::vector<ServiceQuestion>& questions, Wanted wanted,
                                  std::stop_token stop) override;

  private:
    Vantage& vantage_;
};

}  // namespace garita::scan
