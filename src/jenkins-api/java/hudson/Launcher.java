package hudson;

public abstract class Launcher {
    public final hudson.Launcher.ProcStarter launch() {
        throw new UnsupportedOperationException();
    }

    public final class ProcStarter {
        public hudson.Launcher.ProcStarter cmds(java.lang.String... p0) {
            throw new UnsupportedOperationException();
        }

        public hudson.Launcher.ProcStarter pwd(hudson.FilePath p0) {
            throw new UnsupportedOperationException();
        }

        public hudson.Launcher.ProcStarter stdout(hudson.model.TaskListener p0) {
            throw new UnsupportedOperationException();
        }

        public int join() throws java.io.IOException, java.lang.InterruptedException {
            throw new UnsupportedOperationException();
        }
    }

    public static class RemoteLauncher extends hudson.Launcher {
        public RemoteLauncher(hudson.model.TaskListener p0, hudson.remoting.VirtualChannel p1, boolean p2) {
            throw new UnsupportedOperationException();
        }
    }
}
