package hudson.slaves;

public class NodeProvisioner {
    public java.util.List<hudson.slaves.NodeProvisioner.PlannedNode> getPendingLaunches() {
        throw new UnsupportedOperationException();
    }

    public static class PlannedNode {
        public final int numExecutors;

        {
            numExecutors = 0;
        }

        public PlannedNode(java.lang.String p0, java.util.concurrent.Future<hudson.model.Node> p1, int p2) {}

        public void spent() {
            throw new UnsupportedOperationException();
        }
    }

    public abstract static class Strategy implements hudson.ExtensionPoint {
        public Strategy() {}

        public abstract hudson.slaves.NodeProvisioner.StrategyDecision apply(
                hudson.slaves.NodeProvisioner.StrategyState p0);
    }

    public enum StrategyDecision {
        CONSULT_REMAINING_STRATEGIES,
        PROVISIONING_COMPLETED;
    }

    public final class StrategyState {
        public hudson.model.Label getLabel() {
            throw new UnsupportedOperationException();
        }
    }
}
