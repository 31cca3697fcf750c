package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** How the calls to a fake host go: one at a time, and wrong where they were told to. */
final class FakeFaults {
    /** How a call goes wrong. */
    private interface Fault {
        /** Before the call does its work. */
        default void before() throws InterruptedException {}

        /** After it. */
        default void after() {}
    }

    private final Map<Call, Deque<Fault>> faults = new EnumMap<>(Call.class);
    private final Map<Call, VirtainerException> broken = new EnumMap<>(Call.class);
    private final List<Call> calls = new ArrayList<>();

    /** Does work while nobody else does any. */
    synchronized <T> T alone(Supplier<T> work) {
        return work.get();
    }

    /** Does work while nobody else does any. */
    synchronized void alone(Runnable work) {
        work.run();
    }

    /** Does the work of a call, unless it was told to go wrong. */
    <T> T doing(Call call, Supplier<T> work) throws InterruptedException {
        Fault fault;
        synchronized (this) {
            calls.add(call);
            if (broken.containsKey(call)) {
                throw broken.get(call);
            }
            fault = faults.getOrDefault(call, new ArrayDeque<>()).poll();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (fault != null) {
            fault.before();
        }
        T result = alone(work);
        if (fault != null) {
            fault.after();
        }
        return result;
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void failAll(Call call, VirtainerException problem) {
        broken.put(call, problem);
    }

    synchronized void heal(Call call) {
        broken.remove(call);
    }

    void failNext(Call call, VirtainerException problem) {
        beforeNext(call, () -> {
            throw problem;
        });
    }

    void beforeNext(Call call, Runnable work) {
        add(call, new Fault() {
            @Override
            public void before() {
                work.run();
            }
        });
    }

    void loseReplyOfNext(Call call) {
        add(call, new Fault() {
            @Override
            public void after() {
                throw Failure.ENGINE_UNREACHABLE.because("The reply was lost.");
            }
        });
    }

    CountDownLatch hangNext(Call call) {
        return holdNext(call, new CountDownLatch(1));
    }

    CountDownLatch holdNext(Call call, CountDownLatch until) {
        CountDownLatch reached = new CountDownLatch(1);
        add(call, new Fault() {
            @Override
            public void before() throws InterruptedException {
                reached.countDown();
                until.await();
            }
        });
        return reached;
    }

    private synchronized void add(Call call, Fault fault) {
        faults.computeIfAbsent(call, any -> new ArrayDeque<>()).add(fault);
    }
}
