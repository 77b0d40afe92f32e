#ifndef LOOPDYNO_DRIVE_H_
#define LOOPDYNO_DRIVE_H_

#include <uv.h>

namespace loopdyno {

// What runs a private loop, and when: GuestDrive or BlockingDrive. Node's loop calls both.
class Drive {
 public:
  class Client {
   public:
    // There are completions, or JS has asked for a call: call JS.
    virtual void Deliver() = 0;
    // `Close` has finished: nothing of the private loop or of the drive is left.
    virtual void DriveClosed() = 0;

   protected:
    ~Client() = default;
  };

  Drive() = default;
  Drive(const Drive&) = delete;
  Drive& operator=(const Drive&) = delete;
  virtual ~Drive() = default;

  // 0 or libuv's error; then the drive must be thrown away.
  virtual int Open(uv_loop_t* host) = 0;

  // JS started something on the private loop, or closed something.
  virtual void Touch() = 0;

  // Serves the private loop now.
  virtual void Wake() = 0;

  // Finishes when nothing of the private loop is alive any more: call its CloseAll first.
  virtual void Close() = 0;

  // For a drive that runs the private loop only while JS runs it: SetRunning begins and ends that,
  // and CallSoon calls JS soon, whatever IO does. A guest needs neither.
  virtual void SetRunning(bool) {}
  virtual void CallSoon() {}
};

}  // namespace loopdyno

#endif  // LOOPDYNO_DRIVE_H_
